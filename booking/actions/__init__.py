"""One function per thing a person can do; imports storage and the domain, never Flask."""
