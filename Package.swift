// swift-tools-version: 6.2
import PackageDescription

/// Warnings stop a build only where nobody is experimenting: in continuous integration.
let warningsAreErrors = Context.environment["CI"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .strictMemorySafety(),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
  ] + (warningsAreErrors ? [.treatAllWarnings(as: .error)] : [])

/// One target of the house: it may import only what `floorsBelow` names.
func room(_ name: String, path: String? = nil, exclude: [String] = [], on floorsBelow: [String])
  -> Target
{
  .target(
    name: name,
    dependencies: floorsBelow.map { .init(stringLiteral: $0) },
    path: path,
    exclude: exclude,
    swiftSettings: settings)
}

/// The tests of one target, or of one promise of the kit.
func tests(_ name: String, exclude: [String] = [], of rooms: [String]) -> Target {
  .testTarget(
    name: name,
    dependencies: rooms.map { .init(stringLiteral: $0) },
    exclude: exclude,
    swiftSettings: settings)
}

let package = Package(
  name: "fencelab",
  products: [
    .executable(name: "fencelab", targets: ["fencelab"]),
    // For the benchmarks, a package of their own.
    .library(name: "Fences", targets: ["Fences", "Kernel", "Machine"]),
    .library(name: "Reservations", targets: ["Reservations"]),
    .library(
      name: "Drivers", targets: ["Drivers", "Hardware", "Scheduler", "Simulator"]),
    .library(name: "Explorer", targets: ["Explorer", "Kernel", "Machine"]),
    .library(
      name: "FencelabKit", type: .dynamic,
      targets: [
        "Machine", "Kernel", "Timeline", "Fences", "Hardware", "Explorer", "Simulator",
        "CacheModel", "SyncObjects", "Reservations", "Drivers", "ExerciseKit", "ScenarioKit",
      ]),
  ],
  traits: [
    .trait(name: "Bare", description: "Compiles the conductor seam away, for benchmarks."),
    .trait(
      name: "Designs", description: "Lets a bare build choose among the debated designs.",
      enabledTraits: ["Bare"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2")
  ],
  targets: [
    // Floor 0
    .target(name: "CMachine"),
    .target(name: "CConfinement"),
    .systemLibrary(name: "Ccmark", pkgConfig: "libcmark", providers: [.apt(["libcmark-dev"])]),
    // Floor 1
    room("Machine", on: ["CMachine"]),
    // Floor 2
    room("Kernel", on: ["Machine"]),
    room("Timeline", on: []),
    // Floor 3
    room("Fences", on: ["Kernel", "Machine"]),
    room("Hardware", on: ["Kernel", "Machine", "Timeline"]),
    room("Explorer", on: ["Kernel", "Machine", "Timeline"]),
    room("Simulator", on: ["Kernel", "Machine", "Timeline"]),
    room("CacheModel", on: ["Machine"]),
    // Floor 4
    room("Litmus", on: ["Explorer", "Machine"]),
    room("SyncObjects", on: ["Fences", "Kernel", "Machine"]),
    // Floor 5
    room("Reservations", on: ["SyncObjects", "Fences", "Kernel", "Machine"]),
    // Floor 6
    room("Scheduler", on: ["Reservations", "Fences", "Kernel", "Machine"]),
    // Floor 7
    room("Drivers", on: ["Scheduler", "Hardware", "Fences", "Kernel", "Machine"]),
    // Floor 8
    room(
      "Desktop",
      on: [
        "Drivers", "Scheduler", "Reservations", "SyncObjects", "Fences", "Hardware", "Simulator",
        "Kernel", "Machine", "Timeline",
      ]),
    room(
      "Debates",
      on: ["CacheModel", "Explorer", "Fences", "Kernel", "Machine", "Simulator"]),
    // Floor 9
    room(
      "ExerciseKit",
      on: [
        "CConfinement", "CacheModel", "Drivers", "Explorer", "Fences", "Hardware", "Kernel",
        "Machine",
      ]),
    room(
      "ScenarioKit",
      on: [
        "CConfinement", "Drivers", "Explorer", "Fences", "Hardware", "Kernel", "Machine",
      ]),
    room(
      "LessonDemos", path: "Lessons",
      exclude: [
        "NativeCosts",
        "01-what-a-fence-promises/lesson.md", "02-references-and-lifetimes/lesson.md",
        "03-signaling-and-callbacks/lesson.md", "04-whose-lock/lesson.md",
        "05-operations-under-rcu/lesson.md",
        "06-the-signaled-bit/lesson.md",
        "07-what-a-cache-line-costs/lesson.md", "08-signal-with-error/lesson.md",
      ],
      on: [
        "CacheModel", "Debates", "Drivers", "Explorer", "Fences", "Hardware", "Kernel", "Machine",
        "Scheduler", "Simulator", "SyncObjects", "Timeline",
      ]),
    // Floor 10
    room("Publishing", exclude: ["Vendor"], on: ["Ccmark"]),
    room("Grading", on: ["ExerciseKit", "Explorer", "Timeline"]),
    // Floor 11
    room(
      "Authoring",
      on: [
        "Grading", "LessonDemos", "Publishing", "Explorer", "Fences", "Kernel", "Machine",
        "Reservations", "SyncObjects", "Timeline",
      ]),
    room(
      "Exploring",
      on: [
        "CacheModel", "Debates", "Desktop", "Explorer", "Fences", "Grading", "Kernel",
        "ScenarioKit", "Simulator", "Timeline",
      ]),
    // Floor 12
    .executableTarget(
      name: "fencelab",
      dependencies: [
        "Authoring", "Exploring", "Grading", "LessonDemos", "Litmus", "Publishing",
        "Timeline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),
    // Tests
    .target(name: "TestSupport", path: "Tests/Support", swiftSettings: settings),
    tests("ExplorerTests", of: ["Explorer", "Kernel", "Machine"]),
    tests("MachineTests", of: ["Machine"]),
    tests(
      "CacheModelTests", of: ["CacheModel", "Explorer", "Kernel", "Machine", "Simulator"]),
    tests("DebateTests", of: ["CacheModel", "Debates", "Explorer", "Fences"]),
    tests("LitmusTests", exclude: ["Programs"], of: ["Litmus"]),
    tests("KernelTests", of: ["Explorer", "Kernel", "Machine"]),
    tests("CodegenTests", of: []),
    tests(
      "ConformanceTests",
      of: ["Debates", "Explorer", "Fences", "Kernel", "Machine", "SyncObjects"]),
    tests("FencesTests", of: ["Explorer", "Fences", "Kernel", "Machine"]),
    .target(name: "HeapCounter", path: "Tests/HeapCounter"),
    tests(
      "ReservationTests",
      of: [
        "Explorer", "Fences", "HeapCounter", "Kernel", "Machine", "Reservations", "SyncObjects",
      ]),
    tests(
      "SchedulerTests",
      of: [
        "Explorer", "Fences", "Kernel", "Machine", "Reservations", "Scheduler", "Simulator",
      ]),
    tests(
      "SyncObjectTests",
      of: [
        "Explorer", "Fences", "Kernel", "Machine", "Simulator", "SyncObjects",
      ]),
    tests("TimelineTests", of: ["TestSupport", "Timeline"]),
    tests("TidyTests", of: []),
    tests(
      "DesktopTests",
      of: [
        "Desktop", "Exploring", "Fences", "Grading", "Kernel", "Simulator", "TestSupport",
        "Timeline",
      ]),
    tests(
      "DriverTests",
      of: [
        "Drivers", "Explorer", "Fences", "Hardware", "Kernel", "Machine", "Scheduler",
        "Simulator", "Timeline",
      ]),
    tests(
      "HardwareTests",
      of: [
        "Explorer", "Hardware", "Kernel", "Machine", "Simulator", "Timeline",
      ]),
    tests("LessonTests", of: ["Explorer", "LessonDemos", "Simulator", "TestSupport", "Timeline"]),
    tests(
      "SimulatorTests",
      of: ["Explorer", "Kernel", "Machine", "Simulator", "Timeline"]),
    tests("PublishingTests", exclude: ["Fixtures"], of: ["Publishing"]),
    tests(
      "AuthoringTests", of: ["Authoring", "Explorer", "Grading", "LessonDemos", "Publishing"]),
    tests("SiteTests", exclude: ["Fixtures"], of: ["Publishing"]),
    tests("GradingTests", exclude: ["Fixtures"], of: ["ExerciseKit", "Explorer", "Grading"]),
    tests("CommandLineTests", of: ["fencelab"]),
    tests(
      "ExerciseTests",
      exclude: [
        "01-what-a-fence-promises", "02-references-and-lifetimes", "03-signaling-and-callbacks",
        "04-whose-lock", "05-operations-under-rcu",
        "06-the-signaled-bit",
        "07-what-a-cache-line-costs", "08-signal-with-error",
      ],
      of: ["Grading"]),
  ]
)
