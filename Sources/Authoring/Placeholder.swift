enum AuthoringPlaceholder {}
