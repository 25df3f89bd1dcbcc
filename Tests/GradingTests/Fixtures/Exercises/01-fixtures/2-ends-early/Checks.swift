// explorations: 2
import Exercise
import ExerciseKit
import Glibc

@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.explore("the first holds") { lab in lab.thread("a", cpu: 0) {} }
    exit(0)
  }
}
