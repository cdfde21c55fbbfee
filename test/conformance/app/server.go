package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
)

// fromHeader names the calling application. It is set by the client of this program, never by a proxy.
const fromHeader = "X-App-From"

// Headers of every answer, by which a client counts who answered.
const (
	nameHeader    = "X-App"
	versionHeader = "X-App-Version"
	podHeader     = "X-App-Pod"
)

// serve answers all protocols on one address. The first byte tells them apart: a request of the line protocol is a
// JSON object, every HTTP request starts with a letter.
func (app *application) serve(address string) error {
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	accepted := make(chan net.Conn)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go func() {
				sniffed := &sniffedConn{Conn: conn, reader: bufio.NewReader(conn)}
				first, err := sniffed.reader.Peek(1)
				switch {
				case err != nil:
					conn.Close()
				case first[0] == '{':
					app.serveLines(sniffed)
				default:
					accepted <- sniffed
				}
			}()
		}
	}()
	protocols := &http.Protocols{}
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true)
	server := &http.Server{
		Handler:   app.handler(),
		Protocols: protocols,
		ConnContext: func(ctx context.Context, conn net.Conn) context.Context {
			return context.WithValue(ctx, connKey{}, conn)
		},
	}
	go func() { log.Fatal(server.Serve(&connListener{accepted, listener.Addr()})) }()
	return nil
}

type (
	connKey  struct{}
	replyKey struct{}
)

func (app *application) handler() http.Handler {
	rpc := grpc.NewServer(grpc.ForceServerCodec(rawCodec{}), grpc.UnknownServiceHandler(app.serveRPC))
	return http.HandlerFunc(func(writer http.ResponseWriter, request *http.Request) {
		in := incoming{
			protocol: "http1", method: request.Method, host: request.Host, path: request.URL.RequestURI(), headers: request.Header,
		}
		isRPC := strings.HasPrefix(request.Header.Get("Content-Type"), "application/grpc")
		if isRPC {
			in.protocol = "grpc"
		} else if request.ProtoMajor == 2 {
			in.protocol = "http2"
		}
		result := app.handle(request.Context(), in)
		if result.reset {
			abort(request)
		}
		switch {
		case isRPC && result.status != 0:
			app.writeFailedRPC(writer, result)
			return
		case isRPC:
			rpc.ServeHTTP(writer, request.WithContext(context.WithValue(request.Context(), replyKey{}, result)))
			return
		}
		app.writeHTTP(writer, result)
	})
}

func (app *application) writeHTTP(writer http.ResponseWriter, result reply) {
	writer.Header().Set("Content-Type", "application/json")
	app.setHeaders(writer.Header(), result)
	code := result.status
	if code < 100 {
		code = http.StatusOK
	}
	body := []byte(result.body)
	if result.body == "" {
		body, _ = json.Marshal(result.answer)
	}
	writer.WriteHeader(code)
	_, _ = writer.Write(body)
}

// writeFailedRPC answers with the status in the headers, as gRPC servers do that fail before their first message: it is
// where a proxy looks for it, since trailers come too late for a retry.
func (app *application) writeFailedRPC(writer http.ResponseWriter, result reply) {
	code, message := codes.Code(result.status), "by rule"
	if result.status >= 100 { // An HTTP dependency failed.
		code, message = codes.Unavailable, fmt.Sprintf("dependency answered %d", result.status)
	}
	app.setHeaders(writer.Header(), result)
	writer.Header().Set("Content-Type", "application/grpc")
	writer.Header().Set("Grpc-Status", fmt.Sprint(uint32(code)))
	writer.Header().Set("Grpc-Message", message)
	writer.WriteHeader(http.StatusOK)
}

func (app *application) setHeaders(header http.Header, result reply) {
	header.Set(nameHeader, app.identity.Name)
	header.Set(versionHeader, app.identity.Version)
	header.Set(podHeader, app.identity.Pod)
	for name, value := range result.headers {
		header.Set(name, value)
	}
}

// abort ends a request without an answer: a TCP reset for HTTP/1.1, a reset of the stream for HTTP/2.
func abort(request *http.Request) {
	if request.ProtoMajor == 1 {
		setLinger(request.Context().Value(connKey{}).(net.Conn))
	}
	panic(http.ErrAbortHandler)
}

// setLinger makes the next close of the connection a reset.
func setLinger(conn net.Conn) {
	if tcp, ok := conn.(*sniffedConn).Conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
}

func (app *application) serveRPC(_ any, stream grpc.ServerStream) error {
	var request []byte
	if err := stream.RecvMsg(&request); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	result := stream.Context().Value(replyKey{}).(reply)
	headers := metadata.Pairs(nameHeader, app.identity.Name, versionHeader, app.identity.Version, podHeader, app.identity.Pod)
	for name, value := range result.headers {
		headers.Set(name, value)
	}
	if err := stream.SetHeader(headers); err != nil {
		return err
	}
	body, err := json.Marshal(result.answer)
	if err != nil {
		return err
	}
	return stream.SendMsg(&body)
}

// serveLines answers the line protocol: one JSON object a line, one answer a line.
func (app *application) serveLines(conn *sniffedConn) {
	defer conn.Close()
	for {
		line, err := conn.reader.ReadBytes('\n')
		if err != nil {
			return
		}
		headers := map[string]string{}
		if err := json.Unmarshal(line, &headers); err != nil {
			return
		}
		in := incoming{protocol: "tcp", host: conn.LocalAddr().String(), headers: http.Header{}}
		for name, value := range headers {
			in.headers.Set(name, value)
		}
		result := app.handle(context.Background(), in)
		if result.reset {
			setLinger(conn)
		}
		if result.reset || result.status != 0 {
			return
		}
		body, err := json.Marshal(result.answer)
		if err != nil {
			return
		}
		_ = conn.SetWriteDeadline(time.Now().Add(10 * time.Second))
		if _, err := conn.Write(append(body, '\n')); err != nil {
			return
		}
	}
}

type sniffedConn struct {
	net.Conn
	reader *bufio.Reader
}

func (c *sniffedConn) Read(into []byte) (int, error) { return c.reader.Read(into) }

type connListener struct {
	accepted chan net.Conn
	address  net.Addr
}

func (l *connListener) Accept() (net.Conn, error) { return <-l.accepted, nil }
func (l *connListener) Close() error              { return nil }
func (l *connListener) Addr() net.Addr            { return l.address }

// rawCodec carries gRPC messages as they are, so that any service and method can be called without its schema.
type rawCodec struct{}

func (rawCodec) Marshal(value any) ([]byte, error) { return *value.(*[]byte), nil }
func (rawCodec) Unmarshal(data []byte, into any) error {
	*into.(*[]byte) = append([]byte{}, data...)
	return nil
}
func (rawCodec) Name() string { return "raw" }
