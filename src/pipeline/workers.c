/*
 * Worker 0 is the caller's own thread, so a machine without threads to spare still does the work.
 */
#include "pipeline/workers.h"

#include <pthread.h>

struct start {
    void (*work)(void *job, unsigned worker);
    void *job;
    unsigned worker;
};

static void *
begin(void *argument)
{
    struct start *start = argument;

    start->work(start->job, start->worker);
    return NULL;
}

void
xd_workers_run(unsigned count, void (*work)(void *job, unsigned worker), void *job)
{
    struct start starts[XD_WORKERS_MAX];
    pthread_t threads[XD_WORKERS_MAX];
    unsigned started = 1;

    count = count > XD_WORKERS_MAX ? XD_WORKERS_MAX : count;
    for (; started < count; started++) {
        starts[started] = (struct start){work, job, started};
        if (pthread_create(&threads[started], NULL, begin, &starts[started]) != 0) {
            break;
        }
    }
    work(job, 0);
    for (unsigned i = 1; i < started; i++) {
        /* cppcheck-suppress uninitvar ; only those that were started */
        (void)pthread_join(threads[i], NULL);
    }
}
