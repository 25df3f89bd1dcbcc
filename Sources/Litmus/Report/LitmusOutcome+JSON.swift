extension LitmusOutcome {
  /// One object for machines: names as in the text, states with their values as strings.
  package func json(file: String) -> String {
    let states = states.map { state in
      let values = state.values.map { "\(quoted("\($0.name)")):\(quoted("\($0.value)"))" }
      return "{\"count\":\(state.count),\"satisfies\":\(state.satisfies),"
        + "\"values\":{\(values.joined(separator: ","))}}"
    }
    let fields = [
      "\"file\":\(quoted(file))",
      "\"name\":\(quoted(test.name))",
      "\"observation\":\(quoted(observation.rawValue))",
      "\"datarace\":\(racy > 0)",
      "\"ok\":\(isSatisfied)",
      "\"condition\":\(quoted("\(test.quantifier.rawValue) (\(test.condition))"))",
      "\"positive\":\(positive)",
      "\"negative\":\(negative)",
      "\"states\":[\(states.joined(separator: ","))]",
      "\"flags\":[\(flags.map(quoted).joined(separator: ","))]",
      "\"witness\":\(witness.map(steps) ?? "null")",
      "\"seconds\":\(seconds)",
    ]
    return "{\(fields.joined(separator: ","))}"
  }

  private func steps(_ witness: LitmusWitness) -> String {
    let steps = witness.events.map { event in
      "{\"number\":\(event.number),\"thread\":\(event.thread),\"text\":\(quoted(event.text)),"
        + "\"from\":\(event.source.map(String.init) ?? "null"),\"line\":\(event.line)}"
    }
    return "[\(steps.joined(separator: ","))]"
  }
}

extension LitmusError {
  /// The object that stands where an outcome would.
  package func json(file: String) -> String {
    "{\"file\":\(quoted(file)),\"error\":{\"line\":\(line),\"column\":\(column),"
      + "\"message\":\(quoted(message)),\"repair\":\(quoted(repair))}}"
  }
}

/// A JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      let digits = String(scalar.value, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
