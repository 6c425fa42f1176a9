provider "aws" {
  region = var.region
}

module "postgresql" {
  source = "../../"

  name                  = var.name
  vpc_id                = var.vpc_id
  subnet_ids            = var.subnet_ids
  kms_key_arn           = var.kms_key_arn
  engine_version        = "17"
  instance_class        = "db.m7g.large"
  allocated_storage     = 100
  max_allocated_storage = 500
  multi_az              = true
  deletion_protection   = true
  backup_retention_days = 35
  database_name         = "orders"

  client_security_group_ids = {
    app = var.client_security_group_id
  }

  tags = {
    Environment = "example"
  }
}
