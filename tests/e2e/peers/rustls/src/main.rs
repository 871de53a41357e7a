//! Posts messages, one after another over one connection: `talk PORT PATH MESSAGE...`.
//! `SSL_CERT_FILE` names the authority that is trusted.

use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [port, path, messages @ ..] = args.as_slice() else {
        return Err("talk PORT PATH MESSAGE...".into());
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(std::env::var("SSL_CERT_FILE")?)? {
        roots.add(certificate?)?;
    }
    let config = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let session = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost")?)?;
    let socket = TcpStream::connect(("127.0.0.1", port.parse()?))?;
    let mut stream = BufReader::new(StreamOwned::new(session, socket));
    for message in messages {
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nX-Peer-Pid: {}\r\nContent-Length: {}\r\n\r\n",
            std::process::id(),
            message.len(),
        );
        stream.get_mut().write_all(format!("{head}{message}").as_bytes())?;
        stream.get_mut().flush()?;
        receive(&mut stream)?;
    }
    Ok(())
}

/// Reads a response to its end.
fn receive(stream: &mut impl BufRead) -> Result<(), Box<dyn Error>> {
    let mut line = String::new();
    stream.read_line(&mut line)?;
    if !line.starts_with("HTTP/1.1 200") {
        return Err(line.into());
    }
    let (mut length, mut chunked) = (0, false);
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let field = line.trim().to_ascii_lowercase();
        if field.is_empty() {
            break;
        }
        if let Some(value) = field.strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        chunked |= field == "transfer-encoding: chunked";
    }
    if !chunked {
        stream.read_exact(&mut vec![0; length])?;
        return Ok(());
    }
    loop {
        line.clear();
        stream.read_line(&mut line)?;
        let size = usize::from_str_radix(line.trim(), 16)?;
        stream.read_exact(&mut vec![0; size + 2])?;
        if size == 0 {
            return Ok(());
        }
    }
}
