import Testing

struct ImportArrowsTests {
  @Test(arguments: [
    ("Sources/Kernel/A.swift", "import Fences"),
    ("Sources/Fences/A.swift", "public import Hardware"),
    ("Sources/Simulator/A.swift", "import struct Explorer.Lab"),
    ("Lessons/06-a/ADemo.swift", "import Grading"),
    ("Sources/Grading/A.swift", "import CMachine"),
    ("Sources/Cellar/A.swift", "import Machine"),
  ])
  func `an arrow that points up or sideways is found`(path: String, text: String) {
    #expect(importArrows(in: SourceFile(path, text)).map(\.line) == [1])
  }

  @Test(arguments: [
    ("Sources/Fences/A.swift", "public import Kernel"),
    ("Sources/Simulator/A.swift", "// import Explorer\nimport Foundation"),
    ("Lessons/06-a/ADemo.swift", "import struct Explorer.Lab"),
    ("Tests/KernelTests/A.swift", "import Fences"),
  ])
  func `an arrow that points down is fine`(path: String, text: String) {
    #expect(importArrows(in: SourceFile(path, text)).isEmpty)
  }

  @Test func `a manifest that contradicts the floors is found`() {
    let manifest = SourceFile("Package.swift", #"room("Fences", on: ["Kernel", "Hardware"]),"#)
    #expect(manifestArrows(in: manifest).count == 1)
    let agreed = SourceFile("Package.swift", #"room("Fences", on: ["Kernel", "Machine"]),"#)
    #expect(manifestArrows(in: agreed).isEmpty)
  }

  @Test func `an import the manifest does not declare is found`() {
    let manifest = SourceFile("Package.swift", #"room("Fences", on: ["Kernel"]),"#)
    let leaning = SourceFile("Sources/Fences/A.swift", "import Machine")
    #expect(undeclaredImports(in: leaning, manifest: manifest).count == 1)
    let honest = SourceFile("Sources/Fences/A.swift", "import Kernel")
    #expect(undeclaredImports(in: honest, manifest: manifest).isEmpty)
  }

  @Test func `a picture that shows a built target as planned is found`() {
    let rest = House.floors.keys.filter { $0 != "Fences" }.map { "\($0) *" }
    let stale = SourceFile("A.md", (rest + ["Fences *"]).joined(separator: "\n"))
    let current = SourceFile("A.md", (rest + ["Fences"]).joined(separator: "\n"))
    let manifest = SourceFile("Package.swift", #"room("Fences", on: []),"#)
    #expect(outdatedPicture(stale, manifest: manifest).count == 1)
    #expect(outdatedPicture(current, manifest: manifest).isEmpty)
  }

  @Test func `the picture of the floors is current`() throws {
    let manifest = try #require(Repository.file("Package.swift"))
    let picture = try #require(Repository.file("Documentation/Architecture.md"))
    expectTidy(outdatedPicture(picture, manifest: manifest))
  }

  @Test func `the house keeps its arrows`() throws {
    let manifest = try #require(Repository.file("Package.swift"))
    #expect(manifest.manifestTargets.count > 10, "the manifest was not understood")
    expectTidy(manifestArrows(in: manifest))
    expectTidy(Repository.swiftFiles.flatMap(importArrows))
    expectTidy(Repository.swiftFiles.flatMap { undeclaredImports(in: $0, manifest: manifest) })
  }
}
