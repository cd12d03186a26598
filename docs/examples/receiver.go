// A webhook receiver in Go, with nothing but the standard library: go run receiver.go
package main

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

const (
	tolerance = 5 * time.Minute
	maxBytes  = 10 << 20
)

// whsec_…, or whpk_… of a destination that signs with ed25519.
var key = os.Getenv("WEBHOOK_KEY")

// The body has to be the bytes that came: parsed and written anew it may be others.
func isAuthentic(body []byte, header http.Header) bool {
	id, timestamp := header.Get("webhook-id"), header.Get("webhook-timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	// An old one may have been recorded, and be sent again by somebody else.
	if err != nil || time.Since(time.Unix(seconds, 0)).Abs() > tolerance {
		return false
	}
	content := append([]byte(id+"."+timestamp+"."), body...)
	// While a secret is being rotated there are several signatures: one has to be right.
	for _, signature := range strings.Split(header.Get("webhook-signature"), " ") {
		if isSignature(signature, content) {
			return true
		}
	}
	return false
}

func isSignature(signature string, content []byte) bool {
	version, encoded, _ := strings.Cut(signature, ",")
	given, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return false
	}
	_, encodedKey, _ := strings.Cut(key, "_")
	bytes, err := base64.StdEncoding.DecodeString(encodedKey)
	switch {
	case err != nil:
		return false
	case version == "v1" && strings.HasPrefix(key, "whsec_"):
		mac := hmac.New(sha256.New, bytes)
		mac.Write(content)
		return hmac.Equal(given, mac.Sum(nil))
	case version == "v1a" && strings.HasPrefix(key, "whpk_"):
		return len(bytes) == ed25519.PublicKeySize && ed25519.Verify(bytes, content, given)
	}
	return false
}

func main() {
	var seen sync.Map
	http.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBytes))
		if err != nil || !isAuthentic(body, r.Header) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		// The same event may come again. Keep the ids where your data is, in the same transaction.
		if _, isKnown := seen.LoadOrStore(r.Header.Get("webhook-id"), true); !isKnown {
			var event struct{ Type string }
			if json.Unmarshal(body, &event) == nil {
				fmt.Println(event.Type)
			}
		}
		w.WriteHeader(http.StatusNoContent)
	})
	port := os.Getenv("PORT")
	if port == "" {
		port = "9000"
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+port)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println("listening")
	fmt.Fprintln(os.Stderr, http.Serve(listener, nil))
}
