// The workload approvals-275 as a bare event loop: this workload only, nothing kept but lead times and the last day.
// Speaks through plain arrays; the rules of ties are those of benchmarks/reference.py.
#include <cstdint>
#include <ctime>
#include <queue>
#include <vector>

namespace {

constexpr int ACTIVITIES = 14, MOST_ATTEMPTS = 5, ARRIVAL = -1;

struct Event {
    double time;
    int64_t number;
    int32_t project, activity;
    bool operator<(const Event& other) const {  // the least on top of std::priority_queue
        return time != other.time ? time > other.time : number > other.number;
    }
};

struct Line {  // first come, first served: every file asks at most so often
    std::vector<int32_t> files;
    size_t head = 0;
};

struct Loop {
    const int32_t *department, *successors_begin, *successors, *predecessors;
    const int64_t* attempts;
    const double* durations;
    double now = 0;
    int64_t number = 0;
    std::priority_queue<Event> agenda;
    std::vector<int32_t> free_officers, unfinished, done;
    std::vector<Line> lines;

    void start(int32_t project, int32_t activity) {
        const int at = project * ACTIVITIES + activity;
        agenda.push({now + durations[at * MOST_ATTEMPTS + done[at]++], number++, project, activity});
    }
    void request(int32_t project, int32_t activity) {
        const int32_t desk = department[activity];
        if (desk < 0) start(project, activity);
        else if (free_officers[desk] > 0) { --free_officers[desk]; start(project, activity); }
        else lines[desk].files.push_back(project * ACTIVITIES + activity);
    }
    void release(int32_t activity) {
        const int32_t desk = department[activity];
        if (desk < 0) return;
        Line& line = lines[desk];
        if (line.head < line.files.size()) {
            const int32_t file = line.files[line.head++];
            start(file / ACTIVITIES, file % ACTIVITIES);
        } else ++free_officers[desk];
    }
};

}  // namespace

// Runs one replication `rounds` times; fills lead times, returns processor seconds of all rounds, and the last day.
extern "C" double run(int64_t projects, int64_t rounds, const double* arrivals, const int64_t* attempts,
                      const double* durations, const int32_t* department, const int32_t* capacity, int64_t departments,
                      const int32_t* successors_begin, const int32_t* successors, const int32_t* predecessors,
                      double* lead_times, double* last_day) {
    const std::clock_t begin = std::clock();
    for (int64_t round = 0; round < rounds; ++round) {
        Loop loop{department, successors_begin, successors, predecessors, attempts, durations};
        loop.free_officers.assign(capacity, capacity + departments);
        loop.lines.resize(departments);
        loop.done.assign(projects * ACTIVITIES, 0);
        loop.unfinished.resize(projects * ACTIVITIES);
        for (int64_t at = 0; at < projects * ACTIVITIES; ++at) loop.unfinished[at] = predecessors[at % ACTIVITIES];
        for (int32_t project = 0; project < projects; ++project)
            loop.agenda.push({arrivals[project], loop.number++, project, ARRIVAL});
        while (!loop.agenda.empty()) {
            const Event event = loop.agenda.top();
            loop.agenda.pop();
            loop.now = event.time;
            if (event.activity == ARRIVAL) { loop.request(event.project, 0); continue; }
            loop.release(event.activity);
            const int at = event.project * ACTIVITIES + event.activity;
            if (loop.done[at] < attempts[at]) { loop.request(event.project, event.activity); continue; }
            for (int32_t edge = successors_begin[event.activity]; edge < successors_begin[event.activity + 1]; ++edge) {
                const int32_t next = successors[edge];
                if (--loop.unfinished[event.project * ACTIVITIES + next]) continue;
                if (next == ACTIVITIES - 1) lead_times[event.project] = loop.now - arrivals[event.project];
                else loop.request(event.project, next);
            }
        }
        *last_day = loop.now;
    }
    return double(std::clock() - begin) / CLOCKS_PER_SEC;
}
