/* The wall clock of every process that this library is preloaded into: seconds in a mapped file. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile double *seconds;
static int (*real)(clockid_t, struct timespec *);

__attribute__((constructor)) static void begin(void) {
    int file = open(getenv("YEAR_CLOCK"), O_RDONLY | O_CLOEXEC);
    if (file < 0) abort();
    seconds = mmap(NULL, sizeof *seconds, PROT_READ, MAP_SHARED, file, 0);
    if (seconds == MAP_FAILED) abort();
    close(file);
    real = dlsym(RTLD_NEXT, "clock_gettime");
}

int clock_gettime(clockid_t which, struct timespec *at) {
    if (which != CLOCK_REALTIME && which != CLOCK_REALTIME_COARSE) {
        if (!real) real = dlsym(RTLD_NEXT, "clock_gettime");
        return real(which, at);
    }
    double now = *seconds;
    at->tv_sec = (time_t)now;
    at->tv_nsec = (long)((now - (double)at->tv_sec) * 1e9);
    return 0;
}

int gettimeofday(struct timeval *restrict at, void *restrict zone) {
    (void)zone;
    at->tv_sec = (time_t)*seconds;
    at->tv_usec = (suseconds_t)((*seconds - (double)at->tv_sec) * 1e6);
    return 0;
}

time_t time(time_t *at) {
    time_t now = (time_t)*seconds;
    if (at) *at = now;
    return now;
}
