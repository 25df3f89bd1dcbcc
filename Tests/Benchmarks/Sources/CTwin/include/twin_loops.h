// What is timed on the C side.
#pragma once

#include "twin.h"

/// A record with a callback that counts.
struct twin_counting {
    struct twin_callback callback;
    uint32_t calls;
};

/// A table with the two mandatory members.
extern const struct twin_operations twin_operations;

// Records are handed over as addresses, because whoever times the loops has no use for pointers.

/// A fence with a lock of its own.
uintptr_t twin_make(void);
/// A counting callback on no fence.
uintptr_t twin_make_counting(void);
/// How often a counting callback was called.
uint32_t twin_calls(uintptr_t counting);

uint64_t twin_loop_is_signaled(uintptr_t fence, uint64_t times);
void twin_loop_get_put(uintptr_t fence, uint64_t times);
void twin_loop_signal(uintptr_t fence, uintptr_t counting, uint64_t times);
void twin_signal_once(uintptr_t fence);

/// Nanoseconds of processor time that the calling thread has used.
uint64_t twin_thread_time(void);
