package db

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"io/fs"
	"net"
	"regexp"
	"syscall"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"
)

// What net/url and the driver say of a connection string is never told: both quote it, and it may
// hold a password. These are said instead.
const (
	errNoDSN problem = "the connection string is empty"

	errNotURL problem = "the connection string is not a valid URL: in a user name or a password " +
		"each of the characters / ? # @ : % [ ] must be percent-encoded"

	errNotPostgresURL problem = "the connection string is not a valid URL: " +
		"it must begin with postgres:// or postgresql://"

	errNotDSN problem = "the connection string is neither a valid URL nor in key=value form: " +
		"a value with a space in it needs quotes, 'like this'"

	errNoTLS problem = "the server does not speak TLS: add sslmode=disable if it is on this " +
		"machine or behind a network that you trust"

	errCertificate problem = "the certificate of the server is not trusted: see sslmode and " +
		"sslrootcert"

	errTLSFile problem = "a certificate or key file of the connection string cannot be read, " +
		"or a key file can be read by others"

	errUnknownHost problem = "the host is not reachable: its name is not known"

	errNotListening problem = "the host is not reachable: no server listens on that host and port"

	errNoSocket problem = "the server is not reachable: there is no socket in that folder"

	errClosedSocket problem = "the server is not reachable: this user may not use its socket"

	errTimeout problem = "the host is not reachable: it did not answer in time"

	errHungUp problem = "the server ended the connection: is it PostgreSQL that listens there?"
)

// refusal is what the server meant by turning a connection away with code.
func refusal(code pqerror.Code) problem {
	switch code {
	case pqerror.InvalidPassword:
		return "the password was refused"
	case pqerror.InvalidAuthorizationSpecification:
		return "the user was refused: there is no such role, or the server's rules do not let " +
			"it in from here, or only with TLS"
	case pqerror.InvalidCatalogName:
		return "the database does not exist"
	case pqerror.InsufficientPrivilege:
		return "the user may not connect to the database"
	case pqerror.TooManyConnections:
		return "the server has no connection left"
	case pqerror.CannotConnectNow:
		return "the server is starting up or shutting down"
	case pqerror.UndefinedObject, pqerror.InvalidParameterValue:
		return "the server does not know a setting of the connection string, or its value"
	}
	return problem("the server refused the connection, SQLSTATE " + string(code))
}

// openError says why a database did not answer.
func openError(ctx context.Context, err error) error {
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	if refused := pq.As(err); refused != nil {
		return refusal(refused.Code)
	}
	var (
		unknownHost *net.DNSError
		network     net.Error
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		file        *fs.PathError
	)
	switch {
	case errors.Is(err, pq.ErrSSLNotSupported):
		return errNoTLS
	case errors.As(err, &certificate), errors.As(err, &authority):
		return errCertificate
	case errors.As(err, &unknownHost) && unknownHost.IsNotFound:
		return errUnknownHost
	case errors.Is(err, syscall.ECONNREFUSED):
		return errNotListening
	case errors.As(err, &file), errors.Is(err, pq.ErrSSLKeyHasWorldPermissions),
		errors.Is(err, pq.ErrSSLKeyUnknownOwnership):
		return errTLSFile
	case errors.Is(err, fs.ErrNotExist):
		return errNoSocket
	case errors.Is(err, fs.ErrPermission):
		return errClosedSocket
	case errors.As(err, &network) && network.Timeout(), ctx.Err() != nil:
		return errTimeout
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF),
		errors.Is(err, syscall.ECONNRESET):
		return errHungUp
	}
	return problem("the host is not reachable")
}

// dsnError says what is wrong with a connection string. The driver's error is used for one thing,
// the name of a setting, which is out of the driver's own list.
func dsnError(err error) error {
	setting := regexp.MustCompile(`^pq: wrong value for ["$]([A-Za-z_]+)`)
	if found := setting.FindStringSubmatch(err.Error()); found != nil {
		return problem("the connection string has a value that is not allowed for " + found[1])
	}
	return errNotDSN
}
