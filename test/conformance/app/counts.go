package main

import (
	"net/http"
	"regexp"
	"sort"
	"sync"
	"time"
)

// Key is what requests are counted by.
type Key struct {
	// From is the name of the calling application.
	From string `json:"from"`
	// Principal is the caller's SPIFFE identity as the proxy verified it; empty for plaintext.
	Principal string `json:"principal"`
	Protocol  string `json:"protocol"`
	Method    string `json:"method"`
	Host      string `json:"host"`
	Path      string `json:"path"`
	// Status answered, 0 for the application's own success, -1 for a reset.
	Status int `json:"status"`
}

// Count is one row of the counts.
type Count struct {
	Key
	Count int64 `json:"count"`
}

// Seen is one request with everything that arrived with it.
type Seen struct {
	Key
	// AtMs is the arrival in milliseconds of the Unix epoch, with fractions.
	AtMs float64 `json:"atMs"`
	// TookMs is the time from arrival to answer.
	TookMs  float64           `json:"tookMs"`
	Headers map[string]string `json:"headers"`
}

// Counts is the answer of GET /counts.
type Counts struct {
	Total int64   `json:"total"`
	Rows  []Count `json:"rows"`
	// Peak is the highest number of requests in the application at one time.
	Peak int64 `json:"peak"`
}

// recentLimit bounds the list of whole requests; counts are unbounded.
const recentLimit = 2000

type counts struct {
	lock           sync.Mutex
	rows           map[Key]int64
	recent         []Seen
	next           int
	inFlight, peak int64
}

func newCounts() *counts {
	return &counts{rows: map[Key]int64{}}
}

func (c *counts) enter() {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.inFlight++
	c.peak = max(c.peak, c.inFlight)
}

var principalOf = regexp.MustCompile(`URI=(spiffe://[^,;"]+)`)

func (c *counts) leave(arrived time.Time, in incoming, out outcome) {
	key := Key{
		From: in.headers.Get(fromHeader), Principal: principal(in.headers), Protocol: in.protocol,
		Method: in.method, Host: in.host, Path: in.path, Status: out.status,
	}
	if out.reset {
		key.Status = -1
	}
	seen := Seen{
		Key: key, AtMs: float64(arrived.UnixNano()) / 1e6, TookMs: float64(time.Since(arrived)) / 1e6, Headers: flat(in.headers),
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	c.inFlight--
	c.rows[key]++
	if len(c.recent) < recentLimit {
		c.recent = append(c.recent, seen)
		return
	}
	c.recent[c.next] = seen
	c.next = (c.next + 1) % recentLimit
}

// principal takes the last element of x-forwarded-client-cert: the peer of this pod's own proxy.
func principal(headers http.Header) string {
	all := principalOf.FindAllStringSubmatch(headers.Get("X-Forwarded-Client-Cert"), -1)
	if len(all) == 0 {
		return ""
	}
	return all[len(all)-1][1]
}

func (c *counts) report() Counts {
	c.lock.Lock()
	defer c.lock.Unlock()
	result := Counts{Rows: []Count{}, Peak: c.peak}
	for key, count := range c.rows {
		result.Rows = append(result.Rows, Count{key, count})
		result.Total += count
	}
	sort.Slice(result.Rows, func(i, j int) bool { return result.Rows[i].Count > result.Rows[j].Count })
	return result
}

func (c *counts) requests() []Seen {
	c.lock.Lock()
	defer c.lock.Unlock()
	result := append([]Seen{}, c.recent...)
	sort.Slice(result, func(i, j int) bool { return result[i].AtMs < result[j].AtMs })
	return result
}

func (c *counts) reset() {
	c.lock.Lock()
	defer c.lock.Unlock()
	c.rows, c.recent, c.next, c.peak = map[Key]int64{}, nil, 0, c.inFlight
}
