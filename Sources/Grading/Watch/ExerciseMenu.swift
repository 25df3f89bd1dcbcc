/// The list of exercises to choose from, with a filter and a search.
///
/// It knows keys and lines, and nothing of a terminal.
struct ExerciseMenu {
  /// What is listed.
  enum Filter: String, CaseIterable {
    case all
    case open
    case passed
  }

  /// What a key led to.
  enum Answer: Hashable {
    case stay
    case close
    case choose(Exercise)
  }

  private let course: Course
  private let progress: Progress
  private(set) var filter = Filter.all
  private(set) var query = ""
  private(set) var isSearching = false
  private(set) var index = 0

  /// Begins at an exercise.
  init(_ course: Course, _ progress: Progress, at exercise: Exercise) {
    self.course = course
    self.progress = progress
    index = course.exercises.firstIndex(of: exercise) ?? 0
  }

  /// What the filter and the search leave.
  var shown: [Exercise] {
    course.exercises.filter { exercise in
      let isSolved = progress.isSolved(exercise)
      let isWanted = filter == .all || isSolved == (filter == .passed)
      let text = "\(exercise.number) \(exercise.id)".lowercased()
      return isWanted && query.lowercased().split(separator: " ").allSatisfy { text.contains($0) }
    }
  }

  mutating func press(_ key: Key) -> Answer {
    if isSearching, let answer = search(key) { return answer }
    switch key {
    case .up, .character("k"): index = max(0, index - 1)
    case .down, .character("j"): index = min(max(0, shown.count - 1), index + 1)
    case .character("f"): nextFilter()
    case .character("/"):
      isSearching = true
      query = ""
      index = 0
    case .enter: if shown.indices.contains(index) { return .choose(shown[index]) }
    case .escape where !query.isEmpty: query = ""
    case .escape, .interrupt, .character("q"), .character("l"): return .close
    default: break
    }
    return .stay
  }

  /// What a key does to the search; nil where it ends it and means something by itself.
  private mutating func search(_ key: Key) -> Answer? {
    switch key {
    case .character(let character) where !character.isWhitespace || character == " ":
      query.append(character)
      index = 0
    case .backspace: query = String(query.dropLast())
    case .enter: isSearching = false
    case .escape, .interrupt:
      isSearching = false
      query = ""
    default: return nil
    }
    return .stay
  }

  private mutating func nextFilter() {
    let all = Filter.allCases
    let place = all.firstIndex(of: filter) ?? 0
    filter = all[(place + 1) % all.count]
    index = 0
  }

  // MARK: - Lines

  func screen(_ style: ReportStyle) -> Canvas.Screen {
    let exercises = shown
    let width = exercises.map(\.id.count).max() ?? 0
    var body = exercises.enumerated().map { place, exercise in
      let line = CourseList.line(exercise, progress.state(exercise), width: width, style: style)
      return (place == index ? "> " : "  ") + line
    }
    if body.isEmpty { body = ["  nothing fits: esc forgets the search, f shows others"] }
    let search = isSearching ? "search: \(query)_" : query.isEmpty ? "" : "search: \(query)"
    let count = "\(exercises.count) of \(course.exercises.count), \(filter.rawValue)  \(search)"
    return Canvas.Screen(
      head: [style.bold("Exercises  \(count)"), ""], body: body,
      foot: [
        "", style.dim(keys),
      ])
  }

  private var keys: String {
    if isSearching { return "type to search · enter done · esc forget" }
    let next = Filter.allCases[
      ((Filter.allCases.firstIndex(of: filter) ?? 0) + 1) % Filter.allCases.count]
    let choose = shown.isEmpty ? "" : "↑↓ move · enter choose · "
    return "\(choose)f show \(next.rawValue) · / search · esc back"
  }
}
