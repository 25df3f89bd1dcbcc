/// The yardstick: a 4×4 matrix of single precision, column by column.
struct Matrix {
  var a: SIMD4<Float>
  var b: SIMD4<Float>
  var c: SIMD4<Float>
  var d: SIMD4<Float>

  /// A rotation by the angle with this cosine and sine: its powers neither grow nor vanish.
  init(cosine: Float, sine: Float) {
    a = SIMD4(cosine, sine, 0, 0)
    b = SIMD4(-sine, cosine, 0, 0)
    c = SIMD4(0, 0, cosine, sine)
    d = SIMD4(0, 0, -sine, cosine)
  }

  /// The power of so many products, each of which waits for the one before; its trace.
  @inline(never)
  func power(_ times: Int) -> Float {
    var product = self
    for _ in 0..<times {
      product.a = column(product.a)
      product.b = column(product.b)
      product.c = column(product.c)
      product.d = column(product.d)
    }
    return product.a[0] + product.b[1] + product.c[2] + product.d[3]
  }

  @inline(__always)
  private func column(_ v: SIMD4<Float>) -> SIMD4<Float> {
    a * v[0] + b * v[1] + c * v[2] + d * v[3]
  }
}
