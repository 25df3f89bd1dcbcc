// Read sections of liburcu's flavour `memb`, where that library is installed.
#pragma once

#include <stdbool.h>
#include <stdint.h>

/// Whether the program was built with liburcu; the other functions do nothing without.
bool urcu_is_here(void);

/// Makes the calling thread a reader.
void urcu_begin_reading(void);

/// Opens and closes so many sections and adds up what a published record holds in each.
uint64_t urcu_loop_read(uint64_t times);

/// The same, with a section inside each section.
uint64_t urcu_loop_nested(uint64_t times);

/// The same with the library's functions, as a program that does not inline them calls them.
uint64_t urcu_loop_calls(uint64_t times);

/// Nanoseconds of processor time that the calling thread has used.
uint64_t urcu_thread_time(void);
