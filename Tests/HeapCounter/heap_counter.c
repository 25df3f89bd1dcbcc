// Stands in front of the C library's malloc, which it goes on to call.
#include "heap_counter.h"

#include <stddef.h>

static _Thread_local uint64_t count __attribute__((tls_model("initial-exec")));

uint64_t heap_counter_value(void) { return count; }

#if defined(__GLIBC__) && !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

extern void *__libc_malloc(size_t bytes);

void *malloc(size_t bytes) {
    count++;
    return __libc_malloc(bytes);
}

bool heap_counter_counts(void) { return true; }

#else

bool heap_counter_counts(void) { return false; }

#endif
