output "endpoint" {
  description = "Host name to connect to."
  value       = aws_db_instance.this.address
}

output "port" {
  description = "Port to connect to."
  value       = aws_db_instance.this.port
}

output "database_name" {
  description = "Name of the first database."
  value       = aws_db_instance.this.db_name
}

output "master_user_secret_arn" {
  description = "ARN of the secret in Secrets Manager that holds user name and password of the master user."
  value       = aws_db_instance.this.master_user_secret[0].secret_arn
}

output "resource_id" {
  description = "Resource ID of the instance; policies for IAM authentication (rds-db:connect) name it."
  value       = aws_db_instance.this.resource_id
}

output "security_group_id" {
  description = "ID of the security group of the database."
  value       = aws_security_group.this.id
}
