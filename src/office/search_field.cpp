// Fields in texts and in the word index.
#include "office/search_field.hpp"

#include "codec/mime/search_text.hpp"

namespace lockstep::office {

store::WordField word_field(SearchField field) {
    switch (field) {
    case SearchField::from:
        return store::WordField::from;
    case SearchField::to:
        return store::WordField::to;
    case SearchField::cc:
        return store::WordField::cc;
    case SearchField::bcc:
        return store::WordField::bcc;
    case SearchField::subject:
        return store::WordField::subject;
    case SearchField::body:
        return store::WordField::body;
    case SearchField::attachment:
        return store::WordField::attachment;
    case SearchField::any:
    case SearchField::header:
        break;
    }
    return store::WordField::any;
}

std::string field_text(const store::SearchText& text, SearchField field, const std::string& name) {
    switch (field) {
    case SearchField::from:
        return store::values_of(text, "FROM");
    case SearchField::to:
        return store::values_of(text, "TO");
    case SearchField::cc:
        return store::values_of(text, "CC");
    case SearchField::bcc:
        return store::values_of(text, "BCC");
    case SearchField::subject:
        return store::values_of(text, "SUBJECT");
    case SearchField::header:
        return store::values_of(text, name);
    case SearchField::attachment:
        return store::values_of(text, mime::kFileLine);
    case SearchField::any:
    case SearchField::body:
        break;
    }
    return text.body;
}

std::string all_words(const store::SearchText& text, SearchField field) {
    const auto words = store::words_of(text);
    switch (field) {
    case SearchField::from:
        return words.from;
    case SearchField::to:
        return words.to;
    case SearchField::cc:
        return words.cc;
    case SearchField::bcc:
        return words.bcc;
    case SearchField::subject:
        return words.subject;
    case SearchField::attachment:
        return words.attachment;
    case SearchField::body:
        return words.body + "\n" + words.attachment;
    case SearchField::any:
    case SearchField::header:
        break;
    }
    return words.from + "\n" + words.to + "\n" + words.cc + "\n" + words.bcc + "\n" +
           words.subject + "\n" + words.body + "\n" + words.attachment;
}

} // namespace lockstep::office
