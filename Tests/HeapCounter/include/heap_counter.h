// Counts what a thread asks malloc for, in a test program that links this.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Whether allocations can be counted: not under a sanitizer, which has a malloc of its own.
bool heap_counter_counts(void);

/// How often the calling thread called malloc so far.
uint64_t heap_counter_value(void);
