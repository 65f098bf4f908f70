/*
 * The program: looks at the clock and the terminal once, runs a command, and says on standard error
 * what went wrong with our surroundings. Nothing below this folder does any of the three.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "cli/command.h"

static xd_date
today(void)
{
    return (xd_date)(time(NULL) / 86400);
}

static bool
wants_color(void)
{
    const char *no_color = getenv("NO_COLOR");
    const char *term = getenv("TERM");

    return isatty(STDOUT_FILENO) && isatty(STDERR_FILENO) && !(no_color && no_color[0]) && term &&
           strcmp(term, "dumb") != 0;
}

/* A mapped input became shorter while it was read. What was written so far has temporary names,
 * which the next run sweeps. */
static void
input_was_cut(int signal_number)
{
    static const char TEXT[] =
        "crossdock: an input was cut short while it was read; nothing was written\n";
    ssize_t written = write(STDERR_FILENO, TEXT, sizeof(TEXT) - 1);

    (void)signal_number;
    _exit(written < 0 ? EX_IOERR : EX_TEMPFAIL);
}

int
main(int argc, char **argv)
{
    struct xd_error err = {0};
    struct xd_arena arena;
    struct xd_cli cli = {.program = "crossdock",
                         .today = today(),
                         .color = wants_color(),
                         .err = &err,
                         .arena = &arena};
    int status;

    /* a file that grows beyond a limit is then a failed write, behind which the outputs are cleaned
     * up */
    (void)signal(SIGXFSZ, SIG_IGN);
    (void)signal(SIGBUS, input_was_cut);
    xd_arena_init(&arena, 1 << 18, 0);
    status = xd_command_run(&cli, argc, argv);
    xd_arena_free(&arena);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        xd_error_set(&err, EX_IOERR, "cannot write to standard output");
    }
    if (err.status != 0) {
        (void)fprintf(stderr, "crossdock: %s\n", err.text);
        return err.status;
    }
    return status;
}
