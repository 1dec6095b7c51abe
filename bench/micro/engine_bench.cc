// The event engine against std::priority_queue, and coroutines against bare callbacks.
//
// hold: N events are pending; the earliest is taken and one is scheduled an Exp(1) later (Jones,
// "An empirical comparison of priority-queue and event-set implementations", 1986).
// closed: 8,000 requests circulate between a network that delays each by Exp(1) and 100 queues with
// Exp(1) service, chosen at random; counted are requests served.
#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdint>
#include <deque>
#include <functional>
#include <queue>
#include <vector>

#include "sim/event_queue.h"
#include "sim/rng.h"
#include "sim/station.h"
#include "sim/sync.h"

namespace bench {
namespace {

constexpr sim::Duration kMean = sim::milliseconds(1);
constexpr std::uint64_t kForever = ~std::uint64_t{0};

std::uint64_t draw(sim::Rng& rng) {
  return static_cast<std::uint64_t>(rng.exponential(kMean).ns());
}

struct PendingEvent {
  std::uint64_t time;
  std::uint64_t id;
  bool operator>(const PendingEvent& o) const { return time > o.time; }
};

void hold_std_priority_queue(benchmark::State& state) {
  sim::Rng rng(1);
  std::priority_queue<PendingEvent, std::vector<PendingEvent>, std::greater<>> queue;
  const auto turn = [&] {
    const PendingEvent e = queue.top();
    queue.pop();
    queue.push({e.time + draw(rng), e.id});
  };
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t i = 0; i < pending; ++i) {
    queue.push({draw(rng), i});
  }
  for (std::uint64_t i = 0; i < pending + 100000; ++i) {
    turn();
  }
  for (auto _ : state) {
    turn();
  }
  state.SetItemsProcessed(state.iterations());
}

void hold_event_queue(benchmark::State& state) {
  sim::Rng rng(1);
  sim::EventQueue queue;
  const auto turn = [&] {
    const auto e = queue.pop(kForever);
    queue.push(e->time + draw(rng), *e->callback);
  };
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  std::vector<sim::Callback> callbacks(pending);
  for (sim::Callback& callback : callbacks) {
    queue.push(draw(rng), callback);
  }
  for (std::uint64_t i = 0; i < pending + 100000; ++i) {
    turn();
  }
  for (auto _ : state) {
    turn();
  }
  state.SetItemsProcessed(state.iterations());
}

sim::Task<> sleep_again_and_again(sim::Loop& loop, sim::Rng& rng) {
  for (;;) {
    co_await sim::sleep_for(loop, rng.exponential(kMean));
  }
}

void hold_coroutines(benchmark::State& state) {
  sim::Loop loop(1);
  sim::Rng rng(1);
  sim::TaskGroup group(loop);
  const auto pending = static_cast<std::uint64_t>(state.range(0));
  for (std::uint64_t i = 0; i < pending; ++i) {
    group.spawn(sleep_again_and_again(loop, rng), "");
  }
  for (std::uint64_t i = 0; i < 2 * pending + 100000; ++i) {
    loop.step();
  }
  for (auto _ : state) {
    loop.step();
  }
  state.SetItemsProcessed(state.iterations());
}

constexpr std::size_t kTokens = 8000;
constexpr std::size_t kServers = 100;

// The closed model without coroutines: two kinds of events on a bare queue.
class BareModel {
 public:
  BareModel() : servers_(kServers), tokens_(kTokens) {
    for (Token& token : tokens_) {
      token.server = rng_.below(kServers);
      queue_.push(draw(rng_), token);
    }
  }
  // Until one more request is served.
  void serve_one() {
    for (;;) {
      const auto e = queue_.pop(kForever);
      auto& token = static_cast<Token&>(*e->callback);
      if (token.in_service) {
        leave(token, e->time);
        return;
      }
      arrive(token, e->time);
    }
  }

 private:
  struct Token : sim::Callback {
    std::size_t server = 0;
    bool in_service = false;
  };
  struct Server {
    std::deque<Token*> waiting;
    bool busy = false;
  };
  void begin(Token& token, std::uint64_t now) {
    token.in_service = true;
    queue_.push(now + draw(rng_), token);
  }
  void arrive(Token& token, std::uint64_t now) {
    Server& server = servers_[token.server];
    if (server.busy) {
      server.waiting.push_back(&token);
      return;
    }
    server.busy = true;
    begin(token, now);
  }
  void leave(Token& token, std::uint64_t now) {
    Server& server = servers_[token.server];
    server.busy = !server.waiting.empty();
    if (server.busy) {
      Token& next = *server.waiting.front();
      server.waiting.pop_front();
      begin(next, now);
    }
    token.in_service = false;
    token.server = rng_.below(kServers);
    queue_.push(now + draw(rng_), token);
  }
  sim::Rng rng_{1};
  sim::EventQueue queue_;
  std::vector<Server> servers_;
  std::vector<Token> tokens_;
};

void closed_bare_events(benchmark::State& state) {
  BareModel model;
  for (int i = 0; i < 200000; ++i) {
    model.serve_one();
  }
  for (auto _ : state) {
    model.serve_one();
  }
  state.SetItemsProcessed(state.iterations());
}

struct CoroutineModel {
  sim::Loop loop{1};
  sim::Rng rng{1};
  std::uint64_t served = 0;
  std::vector<sim::Station> stations;
  std::deque<sim::Semaphore> semaphores;
  sim::TaskGroup group{loop};
};

sim::Task<> visit_stations(CoroutineModel& m) {
  for (;;) {
    const std::size_t at = m.rng.below(kServers);
    co_await sim::sleep_for(m.loop, m.rng.exponential(kMean));
    co_await m.stations[at].use(m.rng.exponential(kMean));
    ++m.served;
  }
}

sim::Task<> take_turns(CoroutineModel& m) {
  for (;;) {
    const std::size_t at = m.rng.below(kServers);
    co_await sim::sleep_for(m.loop, m.rng.exponential(kMean));
    co_await m.semaphores[at].acquire();
    co_await sim::sleep_for(m.loop, m.rng.exponential(kMean));
    m.semaphores[at].release();
    ++m.served;
  }
}

void run_closed(benchmark::State& state, sim::Task<> (*token)(CoroutineModel&)) {
  CoroutineModel m;
  m.stations.reserve(kServers);
  for (std::size_t i = 0; i < kServers; ++i) {
    m.stations.emplace_back(m.loop, "server");
    m.semaphores.emplace_back(m.loop, 1);
  }
  for (std::size_t i = 0; i < kTokens; ++i) {
    m.group.spawn(token(m), "");
  }
  const auto serve_one = [&m] {
    for (const std::uint64_t before = m.served; m.served == before;) {
      m.loop.step();
    }
  };
  for (int i = 0; i < 200000; ++i) {
    serve_one();
  }
  for (auto _ : state) {
    serve_one();
  }
  state.SetItemsProcessed(state.iterations());
}

void closed_coroutines_station(benchmark::State& state) { run_closed(state, visit_stations); }
void closed_coroutines_semaphore(benchmark::State& state) { run_closed(state, take_turns); }

void sizes(benchmark::internal::Benchmark* b) {
  b->ArgName("pending")->Arg(1000)->Arg(10000)->Arg(100000)->Arg(1000000)->Iterations(2000000);
}

BENCHMARK(hold_std_priority_queue)->Apply(sizes);
BENCHMARK(hold_event_queue)->Apply(sizes);
BENCHMARK(hold_coroutines)->Apply(sizes);
BENCHMARK(closed_bare_events)->Iterations(2000000);
BENCHMARK(closed_coroutines_station)->Iterations(2000000);
BENCHMARK(closed_coroutines_semaphore)->Iterations(2000000);

}  // namespace
}  // namespace bench
