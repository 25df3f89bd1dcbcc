// # Break it
//
// Write a scenario in which the waiter frees its record **too early**. See
// [the failing schedule](../../../Lessons/06-the-signaled-bit/lesson.md#the-failing-schedule).
//
// 1. Start a signaler.
// 2. Start a waiter that frees what the signaler still walks.

import ExerciseKit

/// Change what the waiter does here.
func waiter(_ fence: Fence, _ record: Record) {
  fence.wait()
}
