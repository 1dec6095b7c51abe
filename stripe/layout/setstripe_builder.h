// Collects the options of an `lfs setstripe` string into a template.
#pragma once

#include <string_view>

#include "sim/status.h"
#include "stripe/layout/layout_template.h"
#include "stripe/layout/setstripe_inherit.h"

namespace stripe {

// One function per option, called in the order of the string with the option's value. Each refuses
// a value it cannot read, and all but `ost` a second call for the same component.
class SetstripeBuilder {
 public:
  sim::Status stripe_count(std::string_view value) { return count(value, false); }
  sim::Status overstripe_count(std::string_view value) { return count(value, true); }
  sim::Status stripe_size(std::string_view value);
  sim::Status stripe_index(std::string_view value);
  sim::Status ost(std::string_view value);  // may be given again: the lists are joined
  sim::Status pool(std::string_view value);
  sim::Status layout(std::string_view value);
  sim::Status component_end(std::string_view value);
  sim::Status mirror_count(std::string_view value);
  sim::Status component_flags(std::string_view value);

  // The template, checked.
  sim::Result<LayoutTemplate> finish() &&;

 private:
  // Which options the current component was given.
  struct Given {
    bool count = false;
    bool size = false;
    bool index = false;
    bool osts = false;
    bool pool = false;
    bool layout = false;
    bool flags = false;
    bool end = false;
    bool operator==(const Given&) const = default;
  };

  sim::Status count(std::string_view value, bool overstriped);
  sim::Status settle_dom();
  void settle_osts();
  sim::Status finish_component();

  LayoutTemplate wanted_;
  ComponentTemplate current_;
  Inherited inherited_;
  Given given_;
};

}  // namespace stripe
