// Coroutines: makecontext for the first entry, _setjmp and _longjmp for every switch.
// swapcontext saves the signal mask with a system call and costs twenty times as much.
#define _GNU_SOURCE
#include "fencelab_machine.h"

#include <setjmp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

struct fl_coroutine {
    jmp_buf context;
    fl_coroutine_body body;
    void *argument;
    char *mapping;
    size_t mapping_bytes;
};

/// The two contexts of one first entry; used only while fl_coroutine_reset runs.
static _Thread_local ucontext_t creator;
static _Thread_local struct fl_coroutine *entering;

/// Stacks made on this thread and not given back.
static _Thread_local int64_t stacks;

static void first_entry(void) {
    struct fl_coroutine *self = entering;
    if (_setjmp(self->context) == 0)
        setcontext(&creator);
    for (;;)
        self->body(self->argument);
}

/// The first frame of a new stack has no caller; who walks the frames must see the end.
static void end_frame_chain(ucontext_t *start) {
#if defined(__x86_64__)
    start->uc_mcontext.gregs[REG_RBP] = 0;
#elif defined(__aarch64__)
    start->uc_mcontext.regs[29] = 0;
#endif
}

void fl_coroutine_reset(struct fl_coroutine *coroutine) {
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    ucontext_t start;
    getcontext(&start);
    start.uc_stack.ss_sp = coroutine->mapping + page;
    start.uc_stack.ss_size = coroutine->mapping_bytes - page;
    start.uc_link = NULL;
    end_frame_chain(&start);
    makecontext(&start, first_entry, 0);
    entering = coroutine;
    swapcontext(&creator, &start);
}

struct fl_coroutine *fl_coroutine_create(size_t stack_bytes, fl_coroutine_body body,
                                         void *argument) {
    struct fl_coroutine *coroutine = calloc(1, sizeof *coroutine);
    if (!coroutine)
        return NULL;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    coroutine->mapping_bytes = page + (stack_bytes + page - 1) / page * page;
    coroutine->mapping = mmap(NULL, coroutine->mapping_bytes, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (coroutine->mapping == MAP_FAILED || mprotect(coroutine->mapping, page, PROT_NONE)) {
        free(coroutine);
        return NULL;
    }
    coroutine->body = body;
    coroutine->argument = argument;
    stacks++;
    fl_coroutine_reset(coroutine);
    return coroutine;
}

struct fl_coroutine *fl_coroutine_for_thread(void) {
    return calloc(1, sizeof(struct fl_coroutine));
}

void fl_coroutine_drop_stack(struct fl_coroutine *coroutine) {
    if (!coroutine->mapping)
        return;
    munmap(coroutine->mapping, coroutine->mapping_bytes);
    coroutine->mapping = NULL;
    stacks--;
}

void fl_coroutine_destroy(struct fl_coroutine *coroutine) {
    fl_coroutine_drop_stack(coroutine);
    free(coroutine);
}

int64_t fl_coroutine_stack_count(void) { return stacks; }

void fl_coroutine_switch(struct fl_coroutine *from, struct fl_coroutine *to) {
    if (_setjmp(from->context) == 0)
        _longjmp(to->context, 1);
}
