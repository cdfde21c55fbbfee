package main

import (
	"context"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Load is many requests of one kind. It is bounded by Requests or by DurationMs, whichever ends first.
type Load struct {
	Request
	Requests   int64 `json:"requests"`
	DurationMs int64 `json:"durationMs"`
	// Concurrency is the number of requests in flight; 0 means 1.
	Concurrency int `json:"concurrency"`
	// Rate in requests a second; 0 means as fast as Concurrency allows.
	Rate float64 `json:"rate"`
	// FreshConnections opens a connection for every request.
	FreshConnections bool `json:"freshConnections"`
	// Vary sends one of the values in a header, in turn.
	Vary *struct {
		Header string   `json:"header"`
		Values []string `json:"values"`
	} `json:"vary"`
	// BucketMs splits the counts by time; 0 counts everything in bucket 0.
	BucketMs int64 `json:"bucketMs"`
}

// Cell is a combination of who answered, how, to which variant, and when.
type Cell struct {
	Server  string `json:"server"`
	Version string `json:"version"`
	Pod     string `json:"pod"`
	Status  string `json:"status"`
	Variant string `json:"variant"`
	Bucket  int64  `json:"bucket"`
}

// CellCount is a row of the report.
type CellCount struct {
	Cell
	Count int64 `json:"count"`
}

// Report is the result of a load. Latencies are milliseconds over all requests, failed ones included.
type Report struct {
	Cells    []CellCount        `json:"cells"`
	Requests int64              `json:"requests"`
	Seconds  float64            `json:"seconds"`
	Latency  map[string]float64 `json:"latency"`
}

// maxDuration ends a load that has only a number of requests, so that no load outlives a test.
const maxDuration = 10 * time.Minute

func (load *Load) run(ctx context.Context, from string) Report {
	limit := maxDuration
	if load.DurationMs > 0 {
		limit = min(limit, time.Duration(load.DurationMs)*time.Millisecond)
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	shared := newClients(from)
	if load.FreshConnections {
		shared = shared.withoutKeepAlive()
	}
	defer shared.close()

	started := time.Now()
	var issued atomic.Int64
	var group sync.WaitGroup
	workers := make([]worker, max(load.Concurrency, 1))
	for i := range workers {
		group.Go(func() { workers[i].run(ctx, load, shared, started, &issued) })
	}
	group.Wait()
	return summarize(workers, time.Since(started))
}

type worker struct {
	cells   map[Cell]int64
	latency []float64
}

func (w *worker) run(ctx context.Context, load *Load, shared *clients, started time.Time, issued *atomic.Int64) {
	w.cells = map[Cell]int64{}
	for {
		n := issued.Add(1) - 1
		if load.Requests > 0 && n >= load.Requests {
			return
		}
		if load.Rate > 0 {
			due := started.Add(time.Duration(float64(n) / load.Rate * float64(time.Second)))
			select {
			case <-time.After(time.Until(due)):
			case <-ctx.Done():
			}
		}
		if ctx.Err() != nil {
			return
		}
		request, cell := load.Request, Cell{}
		if load.Vary != nil && len(load.Vary.Values) > 0 {
			cell.Variant = load.Vary.Values[n%int64(len(load.Vary.Values))]
			headers := map[string]string{load.Vary.Header: cell.Variant}
			for name, value := range request.Headers {
				headers[name] = value
			}
			request.Headers = headers
		}
		if load.BucketMs > 0 {
			cell.Bucket = time.Since(started).Milliseconds() / load.BucketMs
		}
		// The request may finish after the load's own end: cutting it off would count as an error of the mesh.
		response := shared.send(context.WithoutCancel(ctx), request)
		cell.Server, cell.Version, cell.Pod = response.Server.Name, response.Server.Version, response.Server.Pod
		cell.Status = response.Status
		w.cells[cell]++
		w.latency = append(w.latency, response.TookMs)
	}
}

func summarize(workers []worker, took time.Duration) Report {
	total := map[Cell]int64{}
	var latency []float64
	for _, worker := range workers {
		for cell, count := range worker.cells {
			total[cell] += count
		}
		latency = append(latency, worker.latency...)
	}
	report := Report{Cells: []CellCount{}, Requests: int64(len(latency)), Seconds: took.Seconds(), Latency: percentiles(latency)}
	for cell, count := range total {
		report.Cells = append(report.Cells, CellCount{cell, count})
	}
	sort.Slice(report.Cells, func(i, j int) bool { return report.Cells[i].Count > report.Cells[j].Count })
	return report
}

func percentiles(values []float64) map[string]float64 {
	if len(values) == 0 {
		return map[string]float64{}
	}
	sort.Float64s(values)
	sum := 0.0
	for _, value := range values {
		sum += value
	}
	at := func(share float64) float64 { return values[min(int(share*float64(len(values))), len(values)-1)] }
	return map[string]float64{
		"mean": sum / float64(len(values)), "p50": at(0.5), "p90": at(0.9), "p99": at(0.99), "max": values[len(values)-1],
	}
}
