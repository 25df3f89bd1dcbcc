// What is timed, in a unit of its own, as a driver would call the fence.
#include "twin_loops.h"

#include <stdlib.h>

uintptr_t twin_make(void) {
    struct twin_fence *fence = aligned_alloc(64, sizeof *fence);
    if (!fence)
        abort();
    twin_initialise(fence, &twin_operations, NULL, 9, 1);
    return (uintptr_t)fence;
}

uintptr_t twin_make_counting(void) {
    struct twin_counting *counting = aligned_alloc(64, 64);
    if (!counting)
        abort();
    counting->calls = 0;
    return (uintptr_t)counting;
}

uint32_t twin_calls(uintptr_t counting) { return ((struct twin_counting *)counting)->calls; }

uint64_t twin_loop_is_signaled(uintptr_t address, uint64_t times) {
    struct twin_fence *fence = (struct twin_fence *)address;
    uint64_t found = 0;
    for (uint64_t turn = 0; turn < times; turn++)
        // twin_is_signaled spelled out: simplified on its own before it is inlined, it costs this
        // loop one instruction more than it need.
        if (twin_test(fence, TWIN_SIGNALED) || twin_ask_driver(fence))
            found++;
    return found;
}

void twin_loop_get_put(uintptr_t address, uint64_t times) {
    struct twin_fence *fence = (struct twin_fence *)address;
    for (uint64_t turn = 0; turn < times; turn++)
        twin_put(twin_get(fence));
}

static void count_call(struct twin_fence *fence, struct twin_callback *callback) {
    (void)fence;
    ((struct twin_counting *)callback)->calls++;
}

void twin_loop_signal(uintptr_t address, uintptr_t record, uint64_t times) {
    struct twin_fence *fence = (struct twin_fence *)address;
    struct twin_counting *counting = (struct twin_counting *)record;
    for (uint64_t turn = 0; turn < times; turn++) {
        twin_initialise(fence, &twin_operations, NULL, 9, turn);
        twin_add_callback(fence, &counting->callback, count_call);
        twin_signal(fence);
    }
}

void twin_signal_once(uintptr_t fence) { twin_signal((struct twin_fence *)fence); }
