/// The floors of the house, written down once.
///
/// A target may import only floors below its own; siblings never import each other. The targets of
/// later work are here from the first day, so that a new room finds its floor already decided.
enum House {
  static let floors: [String: Int] = [
    "fencelab": 12,
    "Authoring": 11, "Exploring": 11,
    "Grading": 10, "Publishing": 10,
    "LessonDemos": 9, "ExerciseKit": 9, "ScenarioKit": 9,
    "Debates": 8, "Desktop": 8,
    "Drivers": 7,
    "Scheduler": 6,
    "Reservations": 5,
    "SyncObjects": 4, "Litmus": 4,
    "Fences": 3, "Hardware": 3, "Explorer": 3, "Simulator": 3, "CacheModel": 3,
    "Kernel": 2, "Timeline": 2,
    "Machine": 1,
    "CMachine": 0, "CConfinement": 0, "Ccmark": 0,
  ]

  /// Targets that may be used by few others only: the programs that somebody else starts give up
  /// the same things.
  static let onlyUsers = [
    "Ccmark": ["Publishing"], "CMachine": ["Machine"],
    "CConfinement": ["ExerciseKit", "ScenarioKit"],
  ]
}
