// The fence in C, with the least work that its rules allow: what the Swift fence is measured
// against. Same 64 bytes, same masks and nesting, same orderings, and no conductor.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the calling thread has switched off.
struct twin_levels {
    uint32_t interrupts_off;
    uint32_t preemption_off;
};
extern _Thread_local struct twin_levels twin_levels __attribute__((tls_model("initial-exec")));

struct twin_list {
    struct twin_list *next;
    struct twin_list *previous;
};

struct twin_fence;
struct twin_callback;
typedef void (*twin_function)(struct twin_fence *, struct twin_callback *);

/// A place in a fence's list and what to call.
struct twin_callback {
    struct twin_list node;
    twin_function function;
};

struct twin_operations {
    const char *(*driver_name)(struct twin_fence *);
    const char *(*timeline_name)(struct twin_fence *);
    bool (*enable_signaling)(struct twin_fence *);
    bool (*is_signaled)(struct twin_fence *);
    void (*wait)(struct twin_fence *);
    void (*release)(struct twin_fence *);
};

enum twin_flag {
    TWIN_INITIALISED = 0,
    TWIN_INLINE_LOCK = 1,
    TWIN_SIGNALED = 3,
    TWIN_TIMESTAMP = 4,
    TWIN_SIGNALING_ENABLED = 5,
};

struct twin_fence {
    union {
        uint32_t *external_lock;
        uint32_t inline_lock;
    };
    const struct twin_operations *operations;
    union {
        struct twin_list callbacks;
        uint64_t timestamp;
    };
    uint64_t context;
    uint64_t seqno;
    uint64_t flags;
    uint32_t references;
    int32_t error;
};
_Static_assert(sizeof(struct twin_fence) == 64, "a fence is one cache line");

// What is rare, out of line.
bool twin_ask_driver(struct twin_fence *fence);
bool twin_ask_driver_to_signal(struct twin_fence *fence);
void twin_release(struct twin_fence *fence);
void twin_complain(uint32_t *count);
void twin_lock_slowly(uint32_t *lock);
uint64_t twin_clock(void);

// MARK: - Bits

static inline bool twin_test(const struct twin_fence *fence, enum twin_flag bit) {
    return __atomic_load_n(&fence->flags, __ATOMIC_RELAXED) & (UINT64_C(1) << bit);
}

static inline void twin_set(struct twin_fence *fence, enum twin_flag bit) {
    __atomic_fetch_or(&fence->flags, UINT64_C(1) << bit, __ATOMIC_RELAXED);
}

static inline bool twin_test_and_set(struct twin_fence *fence, enum twin_flag bit) {
    uint64_t mask = UINT64_C(1) << bit;
    return __atomic_fetch_or(&fence->flags, mask, __ATOMIC_SEQ_CST) & mask;
}

// MARK: - Lock

static inline uint32_t *twin_lock_of(struct twin_fence *fence) {
    return twin_test(fence, TWIN_INLINE_LOCK) ? &fence->inline_lock : fence->external_lock;
}

static inline void twin_lock(uint32_t *lock) {
    twin_levels.interrupts_off++;
    twin_levels.preemption_off++;
    if (__atomic_exchange_n(lock, 1, __ATOMIC_ACQUIRE))
        twin_lock_slowly(lock);
}

static inline void twin_unlock(uint32_t *lock) {
    __atomic_store_n(lock, 0, __ATOMIC_RELEASE);
    twin_levels.preemption_off--;
    twin_levels.interrupts_off--;
}

// MARK: - Fence

static inline bool twin_is_signaled(struct twin_fence *fence) {
    if (twin_test(fence, TWIN_SIGNALED))
        return true;
    return twin_ask_driver(fence);
}

static inline struct twin_fence *twin_get(struct twin_fence *fence) {
    int32_t before = (int32_t)__atomic_fetch_add(&fence->references, 1, __ATOMIC_RELAXED);
    if (before <= 0)
        twin_complain(&fence->references);
    return fence;
}

static inline void twin_put(struct twin_fence *fence) {
    int32_t before = (int32_t)__atomic_fetch_sub(&fence->references, 1, __ATOMIC_RELEASE);
    if (before == 1) {
        __atomic_thread_fence(__ATOMIC_ACQUIRE);
        twin_release(fence);
    } else if (before <= 0) {
        twin_complain(&fence->references);
    }
}

static inline void twin_initialise(struct twin_fence *fence,
                                   const struct twin_operations *operations, uint32_t *lock,
                                   uint64_t context, uint64_t seqno) {
    __atomic_store_n(&fence->references, 1, __ATOMIC_RELAXED);
    __atomic_store_n(&fence->operations, operations, __ATOMIC_RELAXED);
    fence->callbacks.next = fence->callbacks.previous = &fence->callbacks;
    fence->context = context;
    fence->seqno = seqno;
    fence->error = 0;
    uint64_t flags = UINT64_C(1) << TWIN_INITIALISED;
    if (lock) {
        fence->external_lock = lock;
    } else {
        fence->inline_lock = 0;
        flags |= UINT64_C(1) << TWIN_INLINE_LOCK;
    }
    __atomic_store_n(&fence->flags, flags, __ATOMIC_RELAXED);
}

// As in the kernel, what is called through a table or does more than a few instructions lies in a
// unit of its own.

/// Returns false, with the callback on no list, where the fence is signaled.
bool twin_add_callback(struct twin_fence *fence, struct twin_callback *callback,
                       twin_function function);
void twin_signal(struct twin_fence *fence);
/// Returns whether it was signaled before. The lock is held.
bool twin_signal_locked(struct twin_fence *fence, uint64_t timestamp);
