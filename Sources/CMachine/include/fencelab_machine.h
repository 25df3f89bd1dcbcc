// What Swift cannot say: the conductor pointer, per-thread levels, the spin hint,
// a futex, membarrier, and a context switch that costs about ten nanoseconds.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The conductor that decides what every machine event does, or NULL in native runs.
/// One for each OS thread: a conducted run uses one thread, and native threads that are still
/// about, such as the reclaimer, must not stumble into it.
extern _Thread_local void *fl_thread_conductor __attribute__((tls_model("initial-exec")));

static inline void *fl_conductor(void) { return fl_thread_conductor; }
static inline void fl_set_conductor(void *conductor) { fl_thread_conductor = conductor; }

/// Around a conducted run: waits while somebody has quiet.
void fl_begin_run(void);
void fl_end_run(void);

/// Quiet: no OS thread conducts a run, so that the process can be copied.
/// Waits until the runs that go on are over; the copy ends the quiet, too.
void fl_begin_quiet(void);
void fl_end_quiet(void);

/// What the calling thread has switched off, and its task, in native runs.
struct fl_levels {
    uint32_t interrupts_off;
    uint32_t preemption_off;
    /// A word that a thread hands on to the threads it starts; `Fences` keeps its policy there.
    uint64_t inherited;
    /// The thread's task record in `Kernel`, or `fl_nobody` before it has one.
    void *task;
};

/// Stands for a task record, so that reading its first word needs no question before it.
/// That word holds `FL_NOBODY_MARK`, which no task's has.
extern uint32_t fl_nobody[16];
#define FL_NOBODY_MARK 4u

static inline uint32_t *fl_nobody_record(void) { return fl_nobody; }

/// Room for what `Kernel` shares among all native readers of RCU, where no pointer must be
/// followed to find it.
extern uint64_t fl_readers[8];
static inline uint64_t *fl_readers_record(void) { return fl_readers; }

extern _Thread_local struct fl_levels fl_thread_levels;

static inline struct fl_levels *fl_levels(void) { return &fl_thread_levels; }

/// Tells the core that this is a spin loop.
static inline void fl_pause(void) {
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ __volatile__("yield");
#endif
}

/// Lets another thread of this CPU run.
void fl_yield(void);

/// Forbids the compiler, and nothing else, to move accesses across it.
static inline void fl_compiler_barrier(void) { __asm__ __volatile__("" ::: "memory"); }

/// A full barrier on every running thread of the process.
/// Returns false where the kernel offers none.
bool fl_membarrier(void);

/// Sleeps while `*word == expected`, at most `timeout_ns` (negative: without end).
/// Returns false if the time ran out.
bool fl_futex_wait(const void *word, uint32_t expected, int64_t timeout_ns);

/// Wakes up to `count` sleepers of `word`.
void fl_futex_wake(const void *word, uint32_t count);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t fl_clock_ns(void);

/// An eventfd that does not block and is closed on exec, or a negative error number.
int fl_event_create(void);

/// Another such descriptor of the same eventfd: -EBADF if it is not open, -EINVAL if it is none.
int fl_event_duplicate(int descriptor);

/// Adds 1 to the eventfd, which makes it readable.
void fl_event_raise(int descriptor);

void fl_event_close(int descriptor);

/// A stackful coroutine. All coroutines of one set run on one OS thread.
struct fl_coroutine;

typedef void (*fl_coroutine_body)(void *argument);

/// A coroutine with a stack of its own and a guard page below it; NULL without memory.
/// `body` runs at the first switch and must never return.
struct fl_coroutine *fl_coroutine_create(size_t stack_bytes, fl_coroutine_body body,
                                         void *argument);

/// The coroutine that stands for the calling thread's own stack.
struct fl_coroutine *fl_coroutine_for_thread(void);

/// Drops everything on the coroutine's stack; its body starts anew at the next switch.
void fl_coroutine_reset(struct fl_coroutine *coroutine);

/// Gives the stack back and whatever stands on it; the coroutine never runs again.
void fl_coroutine_drop_stack(struct fl_coroutine *coroutine);

void fl_coroutine_destroy(struct fl_coroutine *coroutine);

/// How many stacks the calling thread has made and not given back.
int64_t fl_coroutine_stack_count(void);

/// Saves the running coroutine in `from` and continues `to`.
void fl_coroutine_switch(struct fl_coroutine *from, struct fl_coroutine *to);
