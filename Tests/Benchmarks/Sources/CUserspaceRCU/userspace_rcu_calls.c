// liburcu's side of the read sections, through the library's functions.
#include "userspace_rcu.h"

#if HAS_LIBURCU

#include <urcu/urcu-memb.h>

extern uint64_t *urcu_published;

uint64_t urcu_loop_calls(uint64_t times) {
    uint64_t found = 0;
    for (uint64_t turn = 0; turn < times; turn++) {
        urcu_memb_read_lock();
        uint64_t *place = rcu_dereference(urcu_published);
        if (place) found += *place;
        urcu_memb_read_unlock();
    }
    return found;
}

#endif
