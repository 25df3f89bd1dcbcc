// explorations: 2
import Exercise
import ExerciseKit

@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.explore("the only one holds") { lab in lab.thread("a", cpu: 0) {} }
  }
}
