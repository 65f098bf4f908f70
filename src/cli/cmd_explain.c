/*
 * `explain CODE` tells what a finding means and what to do about it, from the same table as the
 * reports.
 */
#include <stdio.h>
#include <sysexits.h>

#include "cli/command.h"
#include "reference/finding_text.h"

static const char *const EFFECTS[] = {"the parcel ships", "the parcel is held",
                                      "the parcel, or the whole input, is rejected"};

enum { OPT_REFERENCE };

static const struct xd_option OPTIONS[] = {
    [OPT_REFERENCE] = {"reference", 0, "DIR",
                       "read the tables from DIR instead of the built-in ones"},
    {NULL, 0, NULL, NULL},
};

static void
print_one(const struct xd_finding_text *text)
{
    printf("%.*s %.*s (%.*s; %s)\n", XD_FMT(text->code), XD_FMT(text->slug), XD_FMT(text->severity),
           EFFECTS[text->effect]);
    printf("  what is wrong  %.*s\n", XD_FMT(text->text));
    printf("  expected       %.*s\n", XD_FMT(text->expected));
    printf("  what to do     %.*s\n", XD_FMT(text->fix));
}

static int
run(struct xd_cli *cli, const struct xd_arguments *arguments)
{
    static struct xd_finding_texts texts;
    struct xd_tables tables = {arguments->values[OPT_REFERENCE], cli->arena};

    if (!xd_finding_texts_load(&texts, &tables, cli->err)) {
        return cli->err->status;
    }
    for (unsigned i = XD_F_NONE + 1; arguments->count == 0 && i < XD_F_COUNT; i++) {
        printf("%.*s\t%.*s\t%.*s\n", XD_FMT(texts.of[i].code), XD_FMT(texts.of[i].severity),
               XD_FMT(texts.of[i].text));
    }
    for (size_t i = 0; i < arguments->count; i++) {
        enum xd_finding_code code =
            xd_finding_text_find(&texts, xd_slice_str(arguments->operands[i]));
        if (code == XD_F_NONE) {
            xd_error_set(cli->err, EX_USAGE,
                         "there is no finding \"%s\"; `crossdock explain` lists all of them",
                         arguments->operands[i]);
            return EX_USAGE;
        }
        print_one(&texts.of[code]);
    }
    return EX_OK;
}

const struct xd_command xd_cmd_explain = {
    .name = "explain",
    .operands = "[CODE...]",
    .brief = "tell what a finding means and what to do; without CODE, list all",
    .options = OPTIONS,
    .least = 0,
    .most = XD_OPERANDS_MANY,
    .run = run,
};
