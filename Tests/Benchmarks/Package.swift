// swift-tools-version: 6.2
import Foundation
import PackageDescription

// A package of its own, so that nobody who uses the kit builds it. By default the kit is built
// with its trait `Bare`; the explorer's pair needs the seam, hence `--disable-default-traits`.

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

// Where a loop of four instructions happens to lie can double its time. Both sides are laid out by
// the same rule, so that the ratio is about the instructions.
let placement = [
  "-x86-experimental-pref-innermost-loop-alignment=5", "-x86-branches-within-32B-boundaries",
]
let placedC: [CSetting] = [.unsafeFlags(["-O2"] + placement.flatMap { ["-mllvm", $0] })]
let placedSwift: [SwiftSetting] = [.unsafeFlags(placement.flatMap { ["-Xllvm", $0] })]

// The only thing here that comes from the system, and nothing else needs it.
let hasUserspaceRCU = ["", "x86_64-linux-gnu/", "aarch64-linux-gnu/"].contains {
  FileManager.default.fileExists(atPath: "/usr/include/\($0)urcu/urcu-memb.h")
}
let userspaceRCUSettings: [CSetting] =
  placedC + (hasUserspaceRCU ? [.define("HAS_LIBURCU", to: "1")] : [])
let userspaceRCULibraries: [LinkerSetting] =
  hasUserspaceRCU ? [.linkedLibrary("urcu-memb"), .linkedLibrary("urcu-common")] : []

let package = Package(
  name: "benchmarks",
  traits: [
    .trait(name: "Bare", description: "Builds the kit without its seam."),
    .trait(name: "Designs", description: "Lets a bare kit choose among the debated designs."),
    .default(enabledTraits: ["Bare"]),
  ],
  dependencies: [
    .package(
      name: "fencelab", path: "../..",
      traits: [
        .trait(name: "Bare", condition: .when(traits: ["Bare"])),
        .trait(name: "Designs", condition: .when(traits: ["Designs"])),
      ])
  ],
  targets: [
    .target(name: "CTwin", cSettings: placedC),
    .target(name: "BenchmarkKit", swiftSettings: settings),
    .executableTarget(
      name: "FenceBenchmarks",
      dependencies: ["BenchmarkKit", "CTwin", .product(name: "Fences", package: "fencelab")],
      swiftSettings: settings + placedSwift),
    .executableTarget(
      name: "CacheLineBenchmarks",
      dependencies: [.product(name: "Fences", package: "fencelab")], swiftSettings: settings),
    .target(
      name: "CUserspaceRCU", cSettings: userspaceRCUSettings,
      linkerSettings: userspaceRCULibraries),
    .executableTarget(
      name: "ReadSideBenchmarks",
      dependencies: [
        "BenchmarkKit", "CUserspaceRCU", .product(name: "Fences", package: "fencelab"),
      ],
      swiftSettings: settings + placedSwift),
    .executableTarget(
      name: "DesignBenchmarks",
      dependencies: ["BenchmarkKit", .product(name: "Fences", package: "fencelab")],
      swiftSettings: settings + placedSwift),
    .executableTarget(
      name: "ScaleBenchmarks",
      dependencies: [
        "BenchmarkKit", .product(name: "Fences", package: "fencelab"),
        .product(name: "Reservations", package: "fencelab"),
        .product(name: "Drivers", package: "fencelab"),
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "ExplorerBenchmarks",
      dependencies: ["BenchmarkKit", .product(name: "Explorer", package: "fencelab")],
      swiftSettings: settings),
  ]
)
