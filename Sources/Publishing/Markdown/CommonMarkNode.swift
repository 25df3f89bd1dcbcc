import Ccmark

/// A node of libcmark's tree, seen through questions that cannot go wrong.
///
/// The tree belongs to `withDocument(_:_:)`, which frees it when its body returns.
/// Readers copy what they need into values and keep no node.
@safe
struct CommonMarkNode {
  // Safety: valid while the body of withDocument runs; nodes are never unlinked or freed earlier.
  private let pointer: OpaquePointer

  /// Parses `text` and lends its root to `body`.
  static func withDocument<Result>(
    _ text: String, _ body: (CommonMarkNode) -> Result
  ) -> Result {
    // Safety: the length passed is the length of the lent buffer; cmark copies what it keeps.
    let root = unsafe text.withCString { bytes in
      unsafe cmark_parse_document(bytes, text.utf8.count, CMARK_OPT_DEFAULT)
    }
    guard let root = unsafe root else {
      preconditionFailure("cmark_parse_document returns a tree or stops the process")
    }
    // Safety: `root` owns every node lent below, and no node outlives `body` by contract.
    defer { unsafe cmark_node_free(root) }
    return body(unsafe CommonMarkNode(pointer: root))
  }

  private init(pointer: OpaquePointer) {
    unsafe self.pointer = unsafe pointer
  }

  // Safety, for each accessor: `pointer` is valid (see above) and cmark's getters accept any node,
  // answering null or zero where a property does not apply.

  var type: cmark_node_type { unsafe cmark_node_get_type(pointer) }
  var literal: String { unsafe Self.string(cmark_node_get_literal(pointer)) }
  var infoString: String { unsafe Self.string(cmark_node_get_fence_info(pointer)) }
  var destination: String { unsafe Self.string(cmark_node_get_url(pointer)) }
  var headingLevel: Int { Int(unsafe cmark_node_get_heading_level(pointer)) }
  var firstLine: Int { Int(unsafe cmark_node_get_start_line(pointer)) }
  var lastLine: Int { Int(unsafe cmark_node_get_end_line(pointer)) }
  var isTight: Bool { unsafe cmark_node_get_list_tight(pointer) != 0 }

  /// The first number of an ordered list, or nil for a bullet list.
  var listStart: Int? {
    guard unsafe cmark_node_get_list_type(pointer) == CMARK_ORDERED_LIST else { return nil }
    return Int(unsafe cmark_node_get_list_start(pointer))
  }

  /// The nodes directly below this one.
  var children: [CommonMarkNode] {
    var children: [CommonMarkNode] = []
    var next = unsafe cmark_node_first_child(pointer)
    while let child = unsafe next {
      children.append(unsafe CommonMarkNode(pointer: child))
      unsafe next = unsafe cmark_node_next(child)
    }
    return children
  }

  // Safety: a non-null result is a NUL-terminated string owned by the node.
  private static func string(_ bytes: UnsafePointer<CChar>?) -> String {
    guard let bytes = unsafe bytes else { return "" }
    return unsafe String(cString: bytes)
  }
}
