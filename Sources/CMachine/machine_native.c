// The machine's services in native runs.
#define _GNU_SOURCE
#include "fencelab_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/futex.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

_Thread_local void *fl_thread_conductor = NULL;

_Alignas(64) uint32_t fl_nobody[16] = {FL_NOBODY_MARK};
_Alignas(64) uint64_t fl_readers[8];
_Thread_local struct fl_levels fl_thread_levels = {.task = fl_nobody};

static pthread_mutex_t runs_lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t runs_changed = PTHREAD_COND_INITIALIZER;
// Guarded by runs_lock:
static int runs;
static int quiet_waiters;

void fl_begin_run(void) {
    pthread_mutex_lock(&runs_lock);
    // Whoever wants quiet comes first, or others could take turns for ever.
    while (quiet_waiters > 0) pthread_cond_wait(&runs_changed, &runs_lock);
    runs++;
    pthread_mutex_unlock(&runs_lock);
}

void fl_end_run(void) {
    pthread_mutex_lock(&runs_lock);
    runs--;
    if (quiet_waiters > 0) pthread_cond_broadcast(&runs_changed);
    pthread_mutex_unlock(&runs_lock);
}

void fl_begin_quiet(void) {
    pthread_mutex_lock(&runs_lock);
    quiet_waiters++;
    while (runs > 0) pthread_cond_wait(&runs_changed, &runs_lock);
    quiet_waiters--;
}

void fl_end_quiet(void) {
    pthread_cond_broadcast(&runs_changed);
    pthread_mutex_unlock(&runs_lock);
}

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

void fl_yield(void) { sched_yield(); }

uint64_t fl_clock_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int fl_event_create(void) {
    int descriptor = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return descriptor < 0 ? -errno : descriptor;
}

static bool is_event(int descriptor) {
    char path[32], target[32] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
    return readlink(path, target, sizeof target - 1) > 0 &&
           strcmp(target, "anon_inode:[eventfd]") == 0;
}

int fl_event_duplicate(int descriptor) {
    if (fcntl(descriptor, F_GETFD) < 0) return -errno;
    if (!is_event(descriptor)) return -EINVAL;
    int duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
    return duplicate < 0 ? -errno : duplicate;
}

void fl_event_raise(int descriptor) {
    // It fails only where the counter is at its maximum, and then it is readable.
    uint64_t one = 1;
    ssize_t written = write(descriptor, &one, sizeof one);
    (void)written;
}

void fl_event_close(int descriptor) { close(descriptor); }
