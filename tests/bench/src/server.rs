//! A server that answers every call with the same bytes, so it costs next to nothing.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const TOKEN: &str = r#"{"code":0,"msg":"ok","tenant_access_token":"t-benchmark","expire":7200}"#;

/// Serves on its own thread until the process ends. Returns the address.
///
/// # Errors
///
/// If no port can be bound.
pub fn start(body: &str) -> std::io::Result<SocketAddr> {
    start_with(body, TOKEN)
}

/// Like [`start`], with another answer to every `POST`.
///
/// # Errors
///
/// If no port can be bound.
pub fn start_with(body: &str, to_post: &str) -> std::io::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let call: Arc<[u8]> = response(body).into();
    let token: Arc<[u8]> = response(to_post).into();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    std::thread::spawn(move || {
        runtime.block_on(async move {
            let Ok(listener) = TcpListener::from_std(listener) else { return };
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&call), Arc::clone(&token)));
            }
        });
    });
    Ok(address)
}

fn response(body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// Serves one connection. Only the token request has a body, which fits into one read with its head.
async fn serve(mut stream: TcpStream, call: Arc<[u8]>, token: Arc<[u8]>) {
    let _ = stream.set_nodelay(true);
    let mut buffer = [0_u8; 8192];
    loop {
        let Ok(read @ 1..) = stream.read(&mut buffer).await else { return };
        let request = buffer.get(..read).unwrap_or_default();
        let answer = if request.starts_with(b"POST") { &token } else { &call };
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}
