// The machine's services in native runs.
#define _GNU_SOURCE
#include "fencelab_machine.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Thread_local void *fl_thread_conductor = NULL;

_Thread_local struct fl_levels fl_thread_levels;

static pthread_mutex_t turn = PTHREAD_MUTEX_INITIALIZER;

void fl_begin_turn(void) { pthread_mutex_lock(&turn); }
void fl_end_turn(void) { pthread_mutex_unlock(&turn); }

bool fl_membarrier(void) {
    static _Thread_local bool registered;
    if (!registered) {
        if (syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0))
            return false;
        registered = true;
    }
    return syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0;
}

bool fl_futex_wait(const void *word, uint32_t expected, int64_t timeout_ns) {
    struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
    long result = syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected,
                          timeout_ns < 0 ? NULL : &timeout, NULL, 0);
    return result == 0 || errno != ETIMEDOUT;
}

void fl_futex_wake(const void *word, uint32_t count) {
    int limit = count > INT_MAX ? INT_MAX : (int)count;
    syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, limit, NULL, NULL, 0);
}

uint64_t fl_clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
