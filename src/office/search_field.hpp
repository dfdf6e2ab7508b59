// What the fields of a query are in the stored texts and in the word index.
#pragma once
#include <string>

#include "office/search.hpp"
#include "store/search.hpp"

namespace lockstep::office {

/// SearchField::any and ::header ask every column.
[[nodiscard]] store::WordField word_field(SearchField field);
/// The text of a field, as one string. `name`: of a header field.
[[nodiscard]] std::string
field_text(const store::SearchText& text, SearchField field, const std::string& name);
/// The words of a field as the index has them; of an item that it does not know yet.
[[nodiscard]] std::string all_words(const store::SearchText& text, SearchField field);

} // namespace lockstep::office
