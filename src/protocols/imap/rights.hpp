// Letters of rights, and the rights of the office that they make.
// Spec: RFC 4314 2. The office knows steps, each with those before it; so letters go in groups:
// "lr" reads, "i" adds, "swte" changes and removes, "kxa" makes, removes and shares folders, "p"
// posts in the owner's name.
#pragma once
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "model/model.hpp"

namespace lockstep::imap {

[[nodiscard]] std::string letters_of(model::Right right);
/// The greatest step all of whose letters are there; none without "lr". The old letters "c" and "d"
/// stand for what RFC 4314 2.1.1 makes of them. Error: bad_syntax (no such letter).
[[nodiscard]] Result<model::Right> right_of(std::string_view letters);
/// How a SETACL changes what somebody may do: "+i", "-i", "lri".
[[nodiscard]] Result<model::Right>
changed_right(model::Right before, std::string_view modification);

} // namespace lockstep::imap
