package main

import (
	"strings"
	"sync/atomic"
	"time"
)

// Behavior is what the application does with a request, beside answering it.
type Behavior struct {
	// Calls are made for every request, before it is answered.
	Calls []Call `json:"calls"`
	// Parallel makes all calls at once instead of one after the other.
	Parallel bool `json:"parallel"`
	// Rules are faults and fixed answers. All that match are applied in order; the first that answers ends the request.
	Rules []Rule `json:"rules"`
	// Propagate lists headers copied from the request to the calls, beside the tracing headers.
	Propagate []string `json:"propagate"`
}

// Rule changes the answer to some requests. It counts the requests that it matches, from 1, and applies to the n-th
// when n is a multiple of Every and not above First.
type Rule struct {
	// Path is a prefix; empty matches every path. For TCP the path is empty.
	Path string `json:"path"`
	// Method to match; empty matches all.
	Method string `json:"method"`
	// Every k-th matching request is changed; 0 means each.
	Every int64 `json:"every"`
	// First limits the rule to the first n matching requests; 0 means no limit.
	First int64 `json:"first"`
	// DelayMs is waited before anything else.
	DelayMs int64 `json:"delayMs"`
	// Reset closes the connection with a TCP reset instead of answering.
	Reset bool `json:"reset"`
	// Status is the HTTP status answered (for gRPC the status code); 0 lets the request go on.
	Status int `json:"status"`
	// Headers are added to the answer.
	Headers map[string]string `json:"headers"`
	// Body is answered in place of the description of the request; needs Status.
	Body string `json:"body"`

	seen atomic.Int64
}

// outcome is what the rules make of one request.
type outcome struct {
	reset   bool
	status  int
	headers map[string]string
	body    string
}

func (b *Behavior) judge(method, path string) outcome {
	result := outcome{}
	for i := range b.Rules {
		rule := &b.Rules[i]
		if !strings.HasPrefix(path, rule.Path) || (rule.Method != "" && rule.Method != method) {
			continue
		}
		n := rule.seen.Add(1)
		if (rule.Every > 0 && n%rule.Every != 0) || (rule.First > 0 && n > rule.First) {
			continue
		}
		time.Sleep(time.Duration(rule.DelayMs) * time.Millisecond)
		for name, value := range rule.Headers {
			if result.headers == nil {
				result.headers = map[string]string{}
			}
			result.headers[name] = value
		}
		if rule.Reset || rule.Status != 0 {
			result.reset, result.status, result.body = rule.Reset, rule.Status, rule.Body
			return result
		}
	}
	return result
}

func (b *Behavior) restart() {
	for i := range b.Rules {
		b.Rules[i].seen.Store(0)
	}
}
