/// A place in the sources that names what it orders: an access with an ordering, or a barrier.
struct OrderingSite {
  let file: SourceFile
  let line: Int
  /// As its comment must call it: `acquire`, `dependency`, `release`, `full`, `relaxed`, `read`,
  /// `write`, `compiler`.
  let kind: String
  /// The label of its `edge:` argument, or `nil` where there is no such argument.
  let label: String?
  /// The function or property it stands in.
  let enclosing: String
  /// The comments on the call and on the three lines above it.
  let commentary: String

  // Where a barrier everywhere finds it, a barrier for the compiler is a full one.
  var publishes: Bool { OrderingVocabulary.publishing.contains(kind) }
  var observes: Bool { OrderingVocabulary.observing.contains(kind) }
}

/// What a site's comment says.
///
/// `kind[label] → kind in Type.method(_:). Why.`
struct EdgeComment {
  let arrow: String
  let partnerKind: String
  /// The partner's last component without its argument labels: `method`.
  let partner: String
  let hasReason: Bool
}

/// How the machine's vocabulary is recognised; all that changes here if `Machine` changes.
enum OrderingVocabulary {
  /// Orderings that an operation takes as an argument.
  static let orderings = ["relaxed", "acquire", "dependency", "release", "full"]
  /// Machine operations whose argument is an ordering.
  ///
  /// Elsewhere the same word may be a flag: `members.insert(.release)`. A call with an `edge:`
  /// argument counts whatever its name.
  static let operations = [
    "load", "store", "exchange", "compareExchange", "fetchAdd", "fetchSubtract",
    "equals", "differs", "test", "set", "clear", "testAndSet", "testAndClear", "isSet",
  ]
  /// Calls that are barriers themselves, whatever their argument.
  static let barriers = ["barrier", "barrierEverywhere"]
  /// Barriers that are called by their argument; every other is `full`.
  static let barrierKinds = ["read", "write", "compiler"]
  /// After a branch on a load, this barrier makes the load an acquire.
  static let acquiringBarrier = "afterControl"
  /// What a relaxed load can do for a release.
  static let dependencies = ["address dependency", "data dependency", "control dependency"]
  static let arrows = ["→", "←", "↔"]
  /// What an end of an edge can be; a full one and, beside a barrier everywhere, one for the
  /// compiler are both.
  static let publishing = ["release", "full", "write", "compiler"]
  static let observing = ["acquire", "dependency", "full", "read", "compiler"]

  /// The arrow between an end of one kind and its partner: it points to where the edge leads.
  static func arrow(from kind: String, to partner: String) -> String? {
    func isBoth(_ kind: String) -> Bool { publishing.contains(kind) && observing.contains(kind) }
    // Which barrier it is, the partner's own comment says.
    if partner == "barrier" { return nil }
    if isBoth(kind) && isBoth(partner) { return "↔" }
    if isBoth(kind) { return publishing.contains(partner) ? "←" : "→" }
    return publishing.contains(kind) ? "→" : "←"
  }
}

extension SourceFile {
  /// Every ordering site of the file, in the order of the text.
  var orderingSites: [OrderingSite] {
    guard isSwift else { return [] }
    let declarations = declarations
    let accesses = OrderingVocabulary.orderings.flatMap { ordering in
      occurrences(of: ".\(ordering)").compactMap { offset -> (Int, String)? in
        guard isOrderingArgument(offset, length: ordering.utf8.count + 1),
          let open = opening(around: offset), let close = closing(of: open), isAccess(open, close)
        else { return nil }
        return (open, ordering)
      }
    }
    let barriers = OrderingVocabulary.barriers.flatMap { name in
      occurrences(of: "\(name)(").map { offset -> (Int, String) in
        let open = offset + name.utf8.count
        return (open, barrierKind(open))
      }
    }
    return (accesses + barriers)
      .filter { !line(line(at: $0.0), of: \.code).contains("func ") }
      .sorted { $0.0 < $1.0 }
      .compactMap { site(open: $0.0, kind: $0.1, among: declarations) }
  }

  private func site(open: Int, kind: String, among declarations: [Declaration]) -> OrderingSite? {
    guard let close = closing(of: open) else { return nil }
    let first = line(at: open)
    return OrderingSite(
      file: self, line: first, kind: kind, label: edgeLabel(in: open..<close),
      enclosing: enclosingName(of: open, among: declarations) ?? "",
      commentary: commentary(on: first, through: line(at: close)))
  }

  /// An implicit member that stands as an argument of its own, or behind `ordering:`.
  private func isOrderingArgument(_ offset: Int, length: Int) -> Bool {
    let end = offset + length
    if end < code.count, [UInt8(ascii: "("), UInt8(ascii: ".")].contains(code[end]) {
      return false
    }
    let before = Array(code[..<offset].reversed().lazy.drop(while: \.isSpace).prefix(9).reversed())
    guard let last = before.last else { return false }
    return last == UInt8(ascii: "(") || last == UInt8(ascii: ",")
      || String(decoding: before, as: UTF8.self) == "ordering:"
  }

  /// The innermost bracket that is open at `offset`.
  private func opening(around offset: Int) -> Int? {
    var depth = 0
    for place in code[..<offset].indices.reversed() {
      switch code[place] {
      case UInt8(ascii: ")"), UInt8(ascii: "]"), UInt8(ascii: "}"): depth += 1
      case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
        if depth == 0 { return place }
        depth -= 1
      default: break
      }
    }
    return nil
  }

  private func isAccess(_ open: Int, _ close: Int) -> Bool {
    guard code[open] == UInt8(ascii: "("), open > 0 else { return false }
    let callee = callee(of: open)
    if callee.isEmpty || OrderingVocabulary.barriers.contains(callee) { return false }
    return OrderingVocabulary.operations.contains(callee)
      || occurrences(of: "edge:").contains { (open..<close).contains($0) }
  }

  private func callee(of open: Int) -> String {
    let letters = code[..<open].reversed().prefix(while: \.isIdentifier).reversed()
    return String(decoding: letters, as: UTF8.self)
  }

  private func barrierKind(_ open: Int) -> String {
    let argument = code[(open + 1)...].drop { $0.isSpace || $0 == UInt8(ascii: ".") }
    let word = String(decoding: argument.prefix(while: \.isIdentifier), as: UTF8.self)
    if word == OrderingVocabulary.acquiringBarrier { return "acquire" }
    return OrderingVocabulary.barrierKinds.contains(word) ? word : "full"
  }

  private func edgeLabel(in call: Range<Int>) -> String? {
    guard let edge = occurrences(of: "edge:").first(where: call.contains) else { return nil }
    let argument = bytes[(edge + 5)..<call.upperBound].drop(while: \.isSpace)
    guard argument.first == UInt8(ascii: "\"") else { return nil }
    return String(decoding: argument.dropFirst().prefix { $0 != UInt8(ascii: "\"") }, as: UTF8.self)
  }
}

extension OrderingSite {
  /// The part of the commentary that speaks about this site's edge.
  var edgeComment: EdgeComment? {
    guard let label else { return nil }
    let claims = ["\(kind)[\(label)]", "\(kind) barrier[\(label)]"]
    guard let start = claims.lazy.compactMap(commentary.range).first else { return nil }
    let rest = commentary[start.upperBound...].split(separator: " ")
    guard let arrow = rest.first, OrderingVocabulary.arrows.contains(String(arrow)),
      let link = rest.firstIndex(of: "in"), link + 1 < rest.endIndex
    else { return nil }
    let partner = rest[link + 1].prefix { $0 != "(" }.split(separator: ".").last ?? ""
    let words = rest[1..<link]
    let kind = words.count == 2 && words.last == "barrier" ? words.dropLast() : words
    return EdgeComment(
      arrow: String(arrow), partnerKind: kind.joined(separator: " "), partner: String(partner),
      hasReason: link + 2 < rest.endIndex)
  }
}

extension StringProtocol where Index == String.Index {
  /// The first place of `needle`.
  fileprivate func range(of needle: String) -> Range<Index>? {
    indices.lazy.first { self[$0...].hasPrefix(needle) }
      .map { $0..<self.index($0, offsetBy: needle.count) }
  }
}
