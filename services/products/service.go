package main

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
	"github.com/apigw-integrations/apigw-integrations/internal/headers"
	"github.com/apigw-integrations/apigw-integrations/internal/problem"
)

const (
	maxBody      = 16 << 10
	defaultLimit = 50
	maxLimit     = 100
)

type service struct {
	store products
	log   *slog.Logger
}

// handler serves the routes at "/…" and at "/{stage}/…": what API Gateway sends through a VPC link depends on the
// integration's URI.
func (s *service) handler(stage string) http.Handler {
	mux := http.NewServeMux()
	for path, methods := range map[string]methods{
		"/health":        {http.MethodGet: s.health},
		"/products":      {http.MethodGet: s.list, http.MethodPost: s.create},
		"/products/{id}": {http.MethodGet: s.get, http.MethodDelete: s.remove},
		"/":              nil,
	} {
		mux.Handle(path, methods)
	}
	return unstaged(stage, s.around(mux))
}

// methods is what a resource takes; a resource that takes nothing does not exist.
type methods map[string]http.HandlerFunc

func (m methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	method := r.Method
	if method == http.MethodHead {
		method = http.MethodGet
	}
	switch serve := m[method]; {
	case serve != nil:
		serve(w, r)
	case m == nil:
		fail(w, problem.New(http.StatusNotFound, "there is no such resource"))
	default:
		w.Header().Set("Allow", strings.Join(slices.Sorted(maps.Keys(m)), ", "))
		fail(w, problem.New(http.StatusMethodNotAllowed, "the resource does not take this method"))
	}
}

// unstaged cuts the stage off a path that begins with it.
func unstaged(stage string, next http.Handler) http.Handler {
	if stage == "" {
		return next
	}
	staged := http.StripPrefix("/"+stage, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/"+stage+"/") {
			staged.ServeHTTP(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (s *service) health(w http.ResponseWriter, _ *http.Request) {
	reply(w, http.StatusOK, map[string]string{"status": "ok"})
}

func (s *service) list(w http.ResponseWriter, r *http.Request) {
	limit, next, err := page(r.URL.Query())
	if err != nil {
		fail(w, problem.New(http.StatusBadRequest, err.Error()))
		return
	}
	found, err := s.store.list(r.Context(), limit, next)
	if err != nil {
		s.failed(w, r, err)
		return
	}
	reply(w, http.StatusOK, found)
}

func page(query url.Values) (limit int, next string, err error) {
	limit = defaultLimit
	if query.Has("limit") {
		if limit, err = strconv.Atoi(query.Get("limit")); err != nil || limit < 1 || limit > maxLimit {
			return 0, "", errors.New("limit must be a whole number from 1 to 100")
		}
	}
	if next = query.Get("next"); query.Has("next") && !idForm.MatchString(next) {
		return 0, "", errors.New("next must be the next of an earlier answer")
	}
	return limit, next, nil
}

func (s *service) create(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		fail(w, problem.New(http.StatusRequestEntityTooLarge, "the body is larger than 16 KiB"))
		return
	}
	if err != nil {
		fail(w, problem.New(http.StatusBadRequest, "the body ended early"))
		return
	}
	p, err := decode(body)
	if err != nil {
		fail(w, problem.Invalid(err))
		return
	}
	switch err := s.store.create(r.Context(), p); {
	case errors.Is(err, errExists):
		fail(w, problem.New(http.StatusConflict, "a product with this id exists"))
	case err != nil:
		s.failed(w, r, err)
	default:
		// Relative to the path that the client used, of which the service knows the end only.
		w.Header().Set("Location", "products/"+p.ID)
		reply(w, http.StatusCreated, p)
	}
}

func (s *service) get(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	err := errNotFound
	var p product
	if idForm.MatchString(id) {
		p, err = s.store.get(r.Context(), id)
	}
	switch {
	case errors.Is(err, errNotFound):
		fail(w, problem.New(http.StatusNotFound, "there is no such product"))
	case err != nil:
		s.failed(w, r, err)
	default:
		reply(w, http.StatusOK, p)
	}
}

func (s *service) remove(w http.ResponseWriter, r *http.Request) {
	id := r.PathValue("id")
	err := errNotFound
	if idForm.MatchString(id) {
		err = s.store.remove(r.Context(), id)
	}
	switch {
	case errors.Is(err, errNotFound):
		fail(w, problem.New(http.StatusNotFound, "there is no such product"))
	case err != nil:
		s.failed(w, r, err)
	default:
		w.WriteHeader(http.StatusNoContent)
	}
}

// failed hides what went wrong inside; the log has it.
func (s *service) failed(w http.ResponseWriter, r *http.Request, err error) {
	s.log.ErrorContext(r.Context(), "request failed", "requestId", correlation(r), "error", err.Error())
	if !errors.Is(err, dynamo.ErrUnavailable) {
		fail(w, problem.New(http.StatusInternalServerError, "the request could not be processed"))
		return
	}
	w.Header().Set("Retry-After", "1")
	fail(w, problem.New(http.StatusServiceUnavailable, "the request could not be processed now; try again"))
}

func reply(w http.ResponseWriter, status int, body any) {
	data, err := json.Marshal(body)
	if err != nil { // strings and numbers only
		fail(w, problem.New(http.StatusInternalServerError, "the answer could not be written"))
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(data) // a client that left can't be told
}

func fail(w http.ResponseWriter, p problem.Problem) {
	w.Header().Set("Content-Type", problem.ContentType)
	w.WriteHeader(p.Status)
	_, _ = w.Write(p.JSON())
}

// common sets the headers that each answer carries.
func common(h http.Header) {
	for name, value := range headers.Common() {
		h.Set(name, value)
	}
}
