// The two operations that are functions in the kernel, too.
#include "twin.h"

bool twin_add_callback(struct twin_fence *fence, struct twin_callback *callback,
                       twin_function function) {
    if (twin_test(fence, TWIN_SIGNALED)) {
        callback->node.next = callback->node.previous = &callback->node;
        return false;
    }
    uint32_t *lock = twin_lock_of(fence);
    twin_lock(lock);
    bool was_enabled = twin_test_and_set(fence, TWIN_SIGNALING_ENABLED);
    bool pending = !twin_test(fence, TWIN_SIGNALED);
    if (pending && !was_enabled) {
        const struct twin_operations *operations =
            __atomic_load_n(&fence->operations, __ATOMIC_RELAXED);
        if (operations && operations->enable_signaling)
            pending = twin_ask_driver_to_signal(fence);
    }
    if (pending) {
        callback->function = function;
        struct twin_list *last = fence->callbacks.previous;
        fence->callbacks.previous = &callback->node;
        callback->node.next = &fence->callbacks;
        callback->node.previous = last;
        last->next = &callback->node;
    } else {
        callback->node.next = callback->node.previous = &callback->node;
    }
    twin_unlock(lock);
    return pending;
}

bool twin_signal_locked(struct twin_fence *fence, uint64_t timestamp) {
    if (twin_test_and_set(fence, TWIN_SIGNALED))
        return true;
    const struct twin_operations *operations =
        __atomic_load_n(&fence->operations, __ATOMIC_RELAXED);
    if (operations && !operations->wait && !operations->release)
        __atomic_store_n(&fence->operations, NULL, __ATOMIC_RELAXED);
    struct twin_list *node = fence->callbacks.next;
    fence->timestamp = timestamp;
    twin_set(fence, TWIN_TIMESTAMP);
    while (node != &fence->callbacks) {
        struct twin_list *next = node->next;
        struct twin_callback *callback = (struct twin_callback *)node;
        node->next = node->previous = node;
        callback->function(fence, callback);
        node = next;
    }
    return false;
}

void twin_signal(struct twin_fence *fence) {
    uint32_t *lock = twin_lock_of(fence);
    twin_lock(lock);
    twin_signal_locked(fence, twin_clock());
    twin_unlock(lock);
}
