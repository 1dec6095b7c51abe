#include "tools/tidy/blank.h"

#include <algorithm>
#include <cctype>

namespace tools {
namespace {

// Walks over C++ text once, copying code and blanking the rest.
class Blanker {
 public:
  explicit Blanker(std::string_view text) : text_(text) { out_.reserve(text.size()); }

  std::string run() {
    while (at_ < text_.size()) {
      step();
    }
    return std::move(out_);
  }

 private:
  void step() {
    if (ahead("//")) {
      blank_to(text_.find('\n', at_));
    } else if (ahead("/*")) {
      const std::size_t end = text_.find("*/", at_ + 2);
      blank_to(end == std::string_view::npos ? end : end + 2);
    } else if (ahead("R\"") && !after_word()) {
      raw_string();
    } else if (text_[at_] == '"' || (text_[at_] == '\'' && !after_word())) {
      quoted(text_[at_]);
    } else {
      keep(1);
    }
  }

  bool ahead(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  // After a letter or digit a quote is a digit separator, and R is the end of a name.
  bool after_word() const {
    return at_ > 0 &&
           (std::isalnum(static_cast<unsigned char>(text_[at_ - 1])) != 0 || text_[at_ - 1] == '_');
  }

  void keep(std::size_t n) {
    out_ += text_.substr(at_, n);
    at_ = std::min(at_ + n, text_.size());
  }

  void blank_to(std::size_t end) {
    for (end = std::min(end, text_.size()); at_ < end; ++at_) {
      out_ += text_[at_] == '\n' ? '\n' : ' ';
    }
  }

  void quoted(char quote) {
    keep(1);
    std::size_t end = at_;
    while (end < text_.size() && text_[end] != quote && text_[end] != '\n') {
      end += text_[end] == '\\' ? 2 : 1;
    }
    blank_to(end);
    keep(1);
  }

  void raw_string() {
    const std::size_t open = text_.find('(', at_);
    if (open == std::string_view::npos) {
      keep(text_.size() - at_);
      return;
    }
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    keep(2);
    const std::size_t end = text_.find(close, open);
    blank_to(end == std::string_view::npos ? end : end + close.size() - 1);
    keep(1);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string out_;
};

}  // namespace

std::string blank_comments_and_literals(std::string_view text) { return Blanker(text).run(); }

}  // namespace tools
