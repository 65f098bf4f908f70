/*
 * Threads live here and nowhere else: a job is a function that every worker runs until its shared
 * state says that nothing is left.
 */
#ifndef XD_PIPELINE_WORKERS_H
#define XD_PIPELINE_WORKERS_H

#define XD_WORKERS_MAX 64

/* Runs work(job, 0 .. count-1) at the same time and returns when all are done. With one worker
 * nothing is started; a thread that cannot be started is done without. */
void xd_workers_run(unsigned count, void (*work)(void *job, unsigned worker), void *job);

#endif
