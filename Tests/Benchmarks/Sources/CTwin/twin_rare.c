// What is rare or belongs to the system: the driver's answers, contention, mistakes, the clock.
#define _GNU_SOURCE
#include "twin_loops.h"

#include <stdlib.h>
#include <time.h>

_Thread_local struct twin_levels twin_levels;

static const char *name(struct twin_fence *fence) {
    (void)fence;
    return "twin";
}

const struct twin_operations twin_operations = {.driver_name = name, .timeline_name = name};

static uint64_t nanoseconds(clockid_t clock) {
    struct timespec now;
    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t twin_clock(void) { return nanoseconds(CLOCK_MONOTONIC); }
uint64_t twin_thread_time(void) { return nanoseconds(CLOCK_THREAD_CPUTIME_ID); }

bool twin_ask_driver(struct twin_fence *fence) {
    const struct twin_operations *operations =
        __atomic_load_n(&fence->operations, __ATOMIC_RELAXED);
    if (!operations || !operations->is_signaled || !operations->is_signaled(fence))
        return false;
    twin_signal(fence);
    return true;
}

bool twin_ask_driver_to_signal(struct twin_fence *fence) {
    if (fence->operations->enable_signaling(fence))
        return true;
    twin_signal_locked(fence, twin_clock());
    return false;
}

void twin_release(struct twin_fence *fence) { free(fence); }

void twin_complain(uint32_t *count) {
    __atomic_store_n(count, UINT32_C(0xc0000000), __ATOMIC_RELAXED);
}

void twin_lock_slowly(uint32_t *lock) {
    do {
        while (__atomic_load_n(lock, __ATOMIC_RELAXED)) {
#if defined(__x86_64__)
            __builtin_ia32_pause();
#elif defined(__aarch64__)
            __asm__ __volatile__("yield");
#endif
        }
    } while (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE));
}
