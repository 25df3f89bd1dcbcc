/// The same class on many machines: a file for an engine that people have already.
///
/// Each machine grades its part into files of its own; whoever collects writes the tables.
public struct ClassPlan: Sendable {
  /// What spreads the work.
  public enum Engine: String, Sendable, CaseIterable {
    /// A GitHub Actions workflow with a matrix.
    case ci
    /// A Slurm job array.
    case slurm
  }

  private let command: String
  private let output: String
  private let machines: Int

  /// Plans a class.
  public init(
    folder: String, output: String, exercises: [String], isIsolated: Bool, machines: Int
  ) {
    var words = [".build/release/fencelab", "class", Self.quoted(folder)]
    words += exercises.flatMap { ["--exercise", Self.quoted($0)] }
    if isIsolated { words.append("--isolated") }
    words += ["--output", Self.quoted(output)]
    command = words.joined(separator: " ")
    self.output = output
    self.machines = machines
  }

  /// The file, without a last line break.
  public func text(_ engine: Engine) -> String {
    switch engine {
    case .ci: workflow
    case .slurm: jobArray
    }
  }

  private var workflow: String {
    let parts = (1...machines).map(String.init).joined(separator: ", ")
    return """
      name: class
      on: workflow_dispatch
      jobs:
        grade:
          runs-on: ubuntu-latest
          # Namespaces inside of a container need its permission.
          container: {image: "swift:6.3", options: "--privileged"}
          strategy:
            fail-fast: false
            matrix:
              part: [\(parts)]
          steps:
            - uses: actions/checkout@v4
            - run: apt-get update && apt-get install -y libcmark-dev bubblewrap
            - run: swift build -c release
            - run: \(Self.yaml("\(command) --shard ${{ matrix.part }}/\(machines)"))
            - uses: actions/upload-artifact@v4
              with:
                name: part-${{ matrix.part }}
                path: \(Self.yaml("\(output)/answers"))
        collect:
          needs: grade
          runs-on: ubuntu-latest
          container: {image: "swift:6.3", options: "--privileged"}
          steps:
            - uses: actions/checkout@v4
            - run: apt-get update && apt-get install -y libcmark-dev bubblewrap
            - run: swift build -c release
            - uses: actions/download-artifact@v4
              with:
                pattern: part-*
                merge-multiple: true
                path: \(Self.yaml("\(output)/answers"))
            - run: \(Self.yaml("\(command) --collect"))
            - uses: actions/upload-artifact@v4
              with:
                name: class-results
                path: \(Self.yaml(output))
      """
  }

  private var jobArray: String {
    """
    #!/bin/bash
    #SBATCH --job-name=fencelab-class
    #SBATCH --array=1-\(machines)
    #SBATCH --cpus-per-task=2
    #SBATCH --mem=8G
    #SBATCH --time=01:00:00
    #SBATCH --output=fencelab-class-%A_%a.log
    # Submit it in the checkout, on a disk that all machines share:
    #   sbatch --wait class.sbatch; \(command) --collect
    set -euo pipefail
    cd "${SLURM_SUBMIT_DIR:?submit this file with sbatch}"
    exec \(command) --jobs "${SLURM_CPUS_PER_TASK:-2}" \\
      --shard "${SLURM_ARRAY_TASK_ID:?}/\(machines)"
    """
  }

  /// One word for a shell.
  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.utf8.allSatisfy { byte in
        byte.isLetterOrDigit || "/._-".utf8.contains(byte)
      }
    return isPlain ? word : "'\(word.replacing("'", with: "'\\''"))'"
  }

  /// A YAML string in quotation marks.
  private static func yaml(_ text: String) -> String {
    "\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\""))\""
  }
}

extension UInt8 {
  fileprivate var isLetterOrDigit: Bool {
    (0x30...0x39).contains(self) || (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self)
  }
}
