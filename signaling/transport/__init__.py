"""One UDP port for everybody: ICE-lite, DTLS, SRTP and SCTP."""
