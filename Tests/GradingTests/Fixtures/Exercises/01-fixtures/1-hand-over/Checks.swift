// explorations: 2
import Exercise
import ExerciseKit

@main enum Checks: ExerciseKit::ExerciseMain {
  static func check(_ grader: ExerciseKit::Grader) {
    grader.ExerciseKit::knows(
      Misconception(
        "done-means-over", shownBy: .useAfterFree,
        "Many believe that a flag is the last thing its writer does; it may go on."))
    grader.ExerciseKit::explore("the box may be freed as soon as it is done") { lab in
      let box = lab.Explorer::allocate(Box())
      lab.Explorer::thread("finisher", cpu: 0) { finish(box) }
      lab.Explorer::thread("waiter", cpu: 1) { awaitAndFree(box, in: lab) }
    }
    grader.ExerciseKit::explore(
      "a waiter that does not look is caught", expecting: .fails(.useAfterFree, rule: "use-after-free")
    ) { lab in
      let box = lab.Explorer::allocate(Box())
      lab.Explorer::thread("finisher", cpu: 0) { finish(box) }
      lab.Explorer::thread("waiter", cpu: 1) { lab.Explorer::free(box) }
    }
  }
}
