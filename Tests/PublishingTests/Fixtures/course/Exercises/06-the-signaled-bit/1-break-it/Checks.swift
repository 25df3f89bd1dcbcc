import ExerciseKit

/// Explored under both designs: fails under one, passes under the other.
func checks(_ lab: Lab) {
  lab.explore("the waiter frees its record") { waiter($0.fence, $0.record) }
}
