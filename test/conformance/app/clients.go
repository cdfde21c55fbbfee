package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"
)

// Request is one request to send.
type Request struct {
	// URL such as http://orders.shop:8080/path; for gRPC the path is /package.Service/Method, for TCP there is none.
	URL string `json:"url"`
	// Protocol is http1 (the default), http2 (without TLS, by prior knowledge), grpc or tcp.
	Protocol string            `json:"protocol"`
	Method   string            `json:"method"`
	Headers  map[string]string `json:"headers"`
	Body     string            `json:"body"`
	// TimeoutMs after which the client gives up; 0 means 30 seconds.
	TimeoutMs int64 `json:"timeoutMs"`
}

// Response is what came back.
type Response struct {
	// Status is the HTTP status, grpc-N, tcp-ok, or error-REASON when there was no answer.
	Status string `json:"status"`
	// Server is who answered; empty when a proxy did, or nobody.
	Server  Identity          `json:"server"`
	Headers map[string]string `json:"headers"`
	Body    string            `json:"body"`
	TookMs  float64           `json:"tookMs"`
	code    int
}

// Call is a dependency called for each request.
type Call struct {
	Request
	// Times the call is made for one request; 0 means once.
	Times int `json:"times"`
	// Optional calls may fail without failing the request.
	Optional bool `json:"optional"`
}

// CallResult is one call as its answer reports it.
type CallResult struct {
	URL    string `json:"url"`
	Status string `json:"status"`
	Failed bool   `json:"failed"`
	code   int
}

// clients holds the connections of one caller.
type clients struct {
	name         string
	keepAlive    bool
	http1, http2 *http.Transport
	lock         sync.Mutex
	rpc          map[string]*grpc.ClientConn
}

func newClients(name string) *clients {
	c := &clients{name: name, keepAlive: true, rpc: map[string]*grpc.ClientConn{}}
	// Redirects are answers here, so transports are used without http.Client.
	c.http1 = &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true, IdleConnTimeout: time.Minute}
	prior := &http.Protocols{}
	prior.SetUnencryptedHTTP2(true)
	c.http2 = &http.Transport{Protocols: prior, DisableCompression: true, IdleConnTimeout: time.Minute}
	return c
}

func (c *clients) withoutKeepAlive() *clients {
	c.keepAlive = false
	c.http1.DisableKeepAlives, c.http2.DisableKeepAlives = true, true
	return c
}

func (c *clients) close() {
	c.http1.CloseIdleConnections()
	c.http2.CloseIdleConnections()
	for _, conn := range c.rpc {
		conn.Close()
	}
}

func (c *clients) callOnce(ctx context.Context, call Call, passed map[string]string) CallResult {
	request := call.Request
	request.Headers = map[string]string{}
	for _, headers := range []map[string]string{passed, call.Headers} {
		for name, value := range headers {
			request.Headers[name] = value
		}
	}
	response := c.send(ctx, request)
	result := CallResult{URL: call.URL, Status: response.Status, code: response.code}
	result.Failed = response.code >= 400 && !call.Optional
	return result
}

func (c *clients) send(ctx context.Context, request Request) Response {
	timeout := 30 * time.Second
	if request.TimeoutMs > 0 {
		timeout = time.Duration(request.TimeoutMs) * time.Millisecond
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	started := time.Now()
	var response Response
	var err error
	switch request.Protocol {
	case "tcp":
		response, err = c.sendLine(ctx, request)
	case "grpc":
		response, err = c.sendRPC(ctx, request)
	case "http2":
		response, err = c.sendHTTP(ctx, request, c.http2)
	default:
		response, err = c.sendHTTP(ctx, request, c.http1)
	}
	if err != nil {
		response = Response{Status: "error-" + reason(err), Body: err.Error(), code: http.StatusBadGateway}
	}
	response.TookMs = float64(time.Since(started)) / 1e6
	return response
}

func (c *clients) sendHTTP(ctx context.Context, request Request, transport *http.Transport) (Response, error) {
	method := request.Method
	if method == "" {
		method = http.MethodGet
	}
	outgoing, err := http.NewRequestWithContext(ctx, method, request.URL, strings.NewReader(request.Body))
	if err != nil {
		return Response{}, err
	}
	outgoing.Header.Set(fromHeader, c.name)
	outgoing.Header.Set("User-Agent", "conformance")
	for name, value := range request.Headers {
		if strings.EqualFold(name, "host") {
			outgoing.Host = value
		} else {
			outgoing.Header.Set(name, value)
		}
	}
	answer, err := transport.RoundTrip(outgoing)
	if err != nil {
		return Response{}, err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return Response{}, err
	}
	return Response{
		Status: fmt.Sprint(answer.StatusCode), Server: server(answer.Header.Get), Headers: flat(answer.Header),
		Body: string(body), code: answer.StatusCode,
	}, nil
}

func (c *clients) sendRPC(ctx context.Context, request Request) (Response, error) {
	target, err := url.Parse(request.URL)
	if err != nil {
		return Response{}, err
	}
	conn, err := c.rpcConn(target.Host)
	if err != nil {
		return Response{}, err
	}
	if !c.keepAlive {
		defer conn.Close()
	}
	ctx = metadata.AppendToOutgoingContext(ctx, fromHeader, c.name)
	for name, value := range request.Headers {
		ctx = metadata.AppendToOutgoingContext(ctx, name, value)
	}
	var headers metadata.MD
	message, answer := []byte(request.Body), []byte{}
	err = conn.Invoke(ctx, target.Path, &message, &answer, grpc.ForceCodec(rawCodec{}), grpc.Header(&headers))
	state, _ := status.FromError(err)
	first := func(name string) string { return strings.Join(headers.Get(name), ",") }
	response := Response{
		Status: fmt.Sprintf("grpc-%d", state.Code()), Server: server(first), Body: string(answer), Headers: flat(http.Header(headers)),
	}
	if err != nil {
		response.Body, response.code = state.Message(), http.StatusServiceUnavailable
	}
	return response, nil
}

func (c *clients) rpcConn(address string) (*grpc.ClientConn, error) {
	c.lock.Lock()
	defer c.lock.Unlock()
	if conn := c.rpc[address]; conn != nil && c.keepAlive {
		return conn, nil
	}
	quick := backoff.Config{BaseDelay: 50 * time.Millisecond, Multiplier: 1.5, MaxDelay: time.Second}
	conn, err := grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDisableRetry(), grpc.WithNoProxy(),
		grpc.WithConnectParams(grpc.ConnectParams{Backoff: quick, MinConnectTimeout: 5 * time.Second}))
	if err == nil {
		c.rpc[address] = conn
	}
	return conn, err
}

// sendLine opens a connection, sends one object and reads one: a proxy balances TCP by connection.
func (c *clients) sendLine(ctx context.Context, request Request) (Response, error) {
	target, err := url.Parse(request.URL)
	if err != nil {
		return Response{}, err
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", target.Host)
	if err != nil {
		return Response{}, err
	}
	defer conn.Close()
	deadline, _ := ctx.Deadline()
	_ = conn.SetDeadline(deadline)
	headers := map[string]string{fromHeader: c.name}
	for name, value := range request.Headers {
		headers[name] = value
	}
	line, err := json.Marshal(headers)
	if err != nil {
		return Response{}, err
	}
	if _, err := conn.Write(append(line, '\n')); err != nil {
		return Response{}, err
	}
	body, err := bufio.NewReader(conn).ReadBytes('\n')
	if err != nil {
		return Response{}, err
	}
	var answer Answer
	if err := json.Unmarshal(body, &answer); err != nil {
		return Response{}, err
	}
	return Response{Status: "tcp-ok", Server: answer.Identity, Body: string(body)}, nil
}

func server(header func(string) string) Identity {
	return Identity{Name: header(nameHeader), Version: header(versionHeader), Pod: header(podHeader)}
}

// reason is a short word for an error without an answer.
func reason(err error) string {
	var timeout interface{ Timeout() bool }
	var lookup *net.DNSError
	switch {
	case errors.As(err, &lookup):
		return "dns"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		return "timeout"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, syscall.ENOTCONN):
		return "reset"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "refused"
	case errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		return "unreachable"
	// What net/http says of a connection that is closed before the request is on it has no value of its own.
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), strings.Contains(err.Error(), "server closed idle connection"):
		return "closed"
	}
	return "other"
}
