// Short ways to make conditions.
#include "office/search.hpp"

namespace lockstep::office {
namespace {

Condition group(Condition::Kind kind, std::vector<Condition> children) {
    Condition condition;
    condition.kind = kind;
    condition.children = std::move(children);
    return condition;
}

Condition text(Condition::Kind kind, SearchField field, std::string wanted) {
    Condition condition;
    condition.kind = kind;
    condition.field = field;
    condition.text = std::move(wanted);
    return condition;
}

} // namespace

Condition Condition::all_of(std::vector<Condition> children) {
    return group(Kind::all, std::move(children));
}
Condition Condition::any_of(std::vector<Condition> children) {
    return group(Kind::any, std::move(children));
}
Condition Condition::none_of(std::vector<Condition> children) {
    return group(Kind::none, std::move(children));
}
Condition Condition::words(SearchField field, std::string wanted) {
    return office::text(Kind::words, field, std::move(wanted));
}
Condition Condition::substring(SearchField field, std::string wanted) {
    return office::text(Kind::substring, field, std::move(wanted));
}
Condition Condition::header(std::string name, std::string wanted) {
    auto condition = office::text(Kind::substring, SearchField::header, std::move(wanted));
    condition.name = std::move(name);
    return condition;
}
Condition Condition::of(Kind kind, std::int64_t number) {
    Condition condition;
    condition.kind = kind;
    condition.number = number;
    return condition;
}
Condition Condition::with_keyword(std::string keyword) {
    return office::text(Kind::keyword, SearchField::any, std::move(keyword));
}
Condition Condition::in_folder(model::CollectionId id, bool with_subfolders) {
    auto condition = of(Kind::folder, id.value);
    condition.deep = with_subfolders;
    return condition;
}

} // namespace lockstep::office
