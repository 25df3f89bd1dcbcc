// liburcu's side of the read sections, with its functions inlined.
#include "userspace_rcu.h"

#include <time.h>

#if HAS_LIBURCU

#define _LGPL_SOURCE
#include <urcu/urcu-memb.h>

// Not static: a compiler that sees every store knows what the pointer leads to, and reads nothing.
uint64_t urcu_record = 1;
uint64_t *urcu_published = &urcu_record;

bool urcu_is_here(void) { return true; }

void urcu_begin_reading(void) { urcu_memb_register_thread(); }

uint64_t urcu_loop_read(uint64_t times) {
    uint64_t found = 0;
    for (uint64_t turn = 0; turn < times; turn++) {
        urcu_memb_read_lock();
        uint64_t *place = rcu_dereference(urcu_published);
        if (place) found += *place;
        urcu_memb_read_unlock();
    }
    return found;
}

uint64_t urcu_loop_nested(uint64_t times) {
    uint64_t found = 0;
    for (uint64_t turn = 0; turn < times; turn++) {
        urcu_memb_read_lock();
        urcu_memb_read_lock();
        uint64_t *place = rcu_dereference(urcu_published);
        if (place) found += *place;
        urcu_memb_read_unlock();
        urcu_memb_read_unlock();
    }
    return found;
}

#else

bool urcu_is_here(void) { return false; }
void urcu_begin_reading(void) {}
uint64_t urcu_loop_read(uint64_t times) { return times; }
uint64_t urcu_loop_nested(uint64_t times) { return times; }
uint64_t urcu_loop_calls(uint64_t times) { return times; }

#endif

uint64_t urcu_thread_time(void) {
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}
