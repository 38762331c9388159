// An auditor of a log from outside, made of golang.org/x/mod's packages note and tlog: reads the checkpoint,
// the tiles and the entries over HTTP and trusts nothing but the log's key.
//
//	auditor -url http://127.0.0.1:8080 -key "$(cat log.vkey)" [-cookie …] [-state FILE] [-witness vkey … -quorum 2]
//
// Leaves with 0 when every entry is in the tree that was signed, that tree continues the one in the state file,
// and a quorum of the witnesses cosigned it. The state file then holds the newest tree.
package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const tileHeight = 8
const tileWidth = 1 << tileHeight

type site struct {
	url    string
	cookie string
}

func (s site) get(path string) ([]byte, error) {
	request, err := http.NewRequest("GET", s.url+path, nil)
	if err != nil {
		return nil, err
	}
	if s.cookie != "" {
		request.Header.Set("Cookie", s.cookie)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != 200 {
		return nil, fmt.Errorf("%s: %s: %s", path, response.Status, body)
	}
	return body, nil
}

// x/mod names a tile by its height too, and what C2SP calls entries it calls data.
func pathOf(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", tileHeight), "/tile/", 1)
}

func (s site) Height() int { return tileHeight }

func (s site) ReadTiles(tiles []tlog.Tile) ([][]byte, error) {
	var all [][]byte
	for _, tile := range tiles {
		data, err := s.get(pathOf(tile))
		if err != nil {
			return nil, err
		}
		all = append(all, data)
	}
	return all, nil
}

func (s site) SaveTiles([]tlog.Tile, [][]byte) {}

// Reads a bundle: each entry after its length.
func (s site) entries(number int64, width int) ([][]byte, error) {
	tile := tlog.Tile{H: tileHeight, L: 0, N: number, W: width}
	data, err := s.get(strings.Replace(pathOf(tile), "/tile/0/", "/tile/entries/", 1))
	if err != nil {
		return nil, err
	}
	var entries [][]byte
	for len(data) > 0 {
		if len(data) < 2 || len(data) < 2+int(binary.BigEndian.Uint16(data)) {
			return nil, fmt.Errorf("bundle %d ends within an entry", number)
		}
		length := int(binary.BigEndian.Uint16(data))
		entries = append(entries, data[2:2+length])
		data = data[2+length:]
	}
	if len(entries) != width {
		return nil, fmt.Errorf("bundle %d has %d entries, not %d", number, len(entries), width)
	}
	return entries, nil
}

func parseCheckpoint(text, origin string) (tlog.Tree, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 4 || lines[0] != origin {
		return tlog.Tree{}, errors.New("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil || strconv.FormatInt(size, 10) != lines[1] || size < 0 {
		return tlog.Tree{}, errors.New("a checkpoint without a size")
	}
	hash, err := tlog.ParseHash(lines[2])
	if err != nil {
		return tlog.Tree{}, err
	}
	return tlog.Tree{N: size, Hash: hash}, nil
}

// A witness' key: x/mod knows only plain Ed25519.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(text, signature []byte) bool {
	if len(signature) != 8+ed25519.SignatureSize {
		return false
	}
	message := fmt.Sprintf("cosignature/v1\ntime %d\n%s", binary.BigEndian.Uint64(signature), text)
	return ed25519.Verify(c.key, []byte(message), signature[8:])
}

func newCosigner(vkey string) (note.Verifier, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return nil, errors.New("not a vkey: " + vkey)
	}
	key, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(key) != 1+ed25519.PublicKeySize || key[0] != 4 {
		return nil, errors.New("not a witness' vkey: " + vkey)
	}
	hash := sha256.Sum256(append([]byte(parts[0]+"\n"), key...))
	id := binary.BigEndian.Uint32(hash[:])
	if fmt.Sprintf("%08x", id) != parts[1] {
		return nil, errors.New("a vkey with another's id: " + vkey)
	}
	return cosigner{parts[0], id, key[1:]}, nil
}

type list []string

func (l *list) String() string         { return strings.Join(*l, " ") }
func (l *list) Set(value string) error { *l = append(*l, value); return nil }

func audit() error {
	url := flag.String("url", "", "where the log is")
	key := flag.String("key", "", "the log's vkey")
	cookie := flag.String("cookie", "", "who one has signed in as, to read the entries")
	state := flag.String("state", "", "a file with the tree that was seen last")
	quorum := flag.Int("quorum", 0, "how many witnesses must have cosigned")
	path := flag.String("checkpoint", "/checkpoint", "where the checkpoint is")
	var witnesses list
	flag.Var(&witnesses, "witness", "a witness' vkey")
	flag.Parse()
	log := site{*url, *cookie}

	verifier, err := note.NewVerifier(strings.TrimSpace(*key))
	if err != nil {
		return err
	}
	verifiers := []note.Verifier{verifier}
	for _, vkey := range witnesses {
		witness, err := newCosigner(vkey)
		if err != nil {
			return err
		}
		verifiers = append(verifiers, witness)
	}
	signed, err := log.get(*path)
	if err != nil {
		return err
	}
	opened, err := note.Open(signed, note.VerifierList(verifiers...))
	if err != nil {
		return err
	}
	if opened.Sigs[0].Name != verifier.Name() {
		return errors.New("the log did not sign first")
	}
	if cosigned := len(opened.Sigs) - 1; cosigned < *quorum {
		return fmt.Errorf("%d witnesses cosigned, not %d", cosigned, *quorum)
	}
	tree, err := parseCheckpoint(opened.Text, verifier.Name())
	if err != nil {
		return err
	}
	reader := tlog.TileHashReader(tree, log)

	if *state != "" {
		if before, err := os.ReadFile(*state); err == nil {
			old, err := parseCheckpoint(string(before), verifier.Name())
			if err != nil {
				return err
			}
			if err := continues(tree, old, reader); err != nil {
				return fmt.Errorf("not a continuation of the %d entries seen before: %w", old.N, err)
			}
		}
	}
	for from := int64(0); from < tree.N; from += tileWidth {
		width := tileWidth
		if tree.N-from < tileWidth {
			width = int(tree.N - from)
		}
		if err := checkBundle(log, reader, from, width); err != nil {
			return err
		}
	}
	if *state != "" {
		if err := os.WriteFile(*state, []byte(opened.Text), 0600); err != nil {
			return err
		}
	}
	fmt.Printf("verified %d entries, %d cosignatures\n", tree.N, len(opened.Sigs)-1)
	return nil
}

func continues(tree, old tlog.Tree, reader tlog.HashReader) error {
	if old.N > tree.N {
		return fmt.Errorf("there are only %d", tree.N)
	}
	if old.N == 0 {
		return nil
	}
	proof, err := tlog.ProveTree(tree.N, old.N, reader)
	if err != nil {
		return err
	}
	return tlog.CheckTree(proof, tree.N, tree.Hash, old.N, old.Hash)
}

func checkBundle(log site, reader tlog.HashReader, from int64, width int) error {
	entries, err := log.entries(from/tileWidth, width)
	if err != nil {
		return err
	}
	var indexes []int64
	for i := range entries {
		indexes = append(indexes, tlog.StoredHashIndex(0, from+int64(i)))
	}
	hashes, err := reader.ReadHashes(indexes)
	if err != nil {
		return err
	}
	for i, entry := range entries {
		if hash := tlog.RecordHash(entry); !bytes.Equal(hash[:], hashes[i][:]) {
			return fmt.Errorf("the entry at %d is not the one in the tree", from+int64(i))
		}
	}
	return nil
}

func main() {
	if err := audit(); err != nil {
		fmt.Fprintln(os.Stderr, "auditor:", err)
		os.Exit(1)
	}
}
